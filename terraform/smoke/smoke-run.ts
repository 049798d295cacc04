import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Account, connectAccount, type EndedExecution, type StartedExecution } from './account.ts';
import { stackIn, type Outputs } from './stack.ts';
import { createSteps, type Result, type Steps } from './steps.ts';

export interface Choices {
  readonly environment: string;
  readonly region: string;
  /** `key=value`, of `terraform init`. */
  readonly backendConfig: readonly string[];
  /** `name=value`, of the environment. */
  readonly variables: readonly string[];
  readonly image: string | undefined;
  readonly subnet: string | undefined;
  /** Where the example webhook sends its work. */
  readonly partner: string | undefined;
  readonly keep: boolean;
}

export interface SmokeRun {
  readonly results: readonly Result[];
  /** By the name of the run. */
  readonly histories: Readonly<Record<string, EndedExecution['history']>>;
  /** What EventBridge delivered meanwhile. */
  readonly events: readonly unknown[];
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const examples = join(root, 'examples');
const inputOf = (name: string) => JSON.parse(readFileSync(join(examples, name, 'input.json'), 'utf8')) as object;

/** Everything from nothing to nothing. What fails is a result; it throws nothing. */
export async function smokeRun(choices: Choices, line: (text: string) => void): Promise<SmokeRun> {
  const run = new Run(choices, line);
  await run.applyEnvironment();
  await run.applyExamples();
  await run.runExamples();
  await run.rotateKeys();
  await run.planAgain();
  await run.loseHost();
  await run.readEvents();
  await run.destroy();
  return { results: run.steps.results, histories: run.histories, events: run.events };
}

class Run {
  readonly steps: Steps;
  readonly histories: Record<string, EndedExecution['history']> = {};
  readonly events: unknown[] = [];
  readonly #choices: Choices;
  readonly #account: Account;
  readonly #stacks: ReturnType<typeof stacksOf>;
  readonly #machines: Record<string, string> = {};
  /** The outputs of the environment, and of what is made beside it. */
  #made: Outputs = {};
  #beside: Outputs = {};

  constructor(choices: Choices, line: (text: string) => void) {
    this.#choices = choices;
    this.steps = createSteps(line);
    this.#account = connectAccount(choices.region);
    this.#stacks = stacksOf(choices);
  }

  async applyEnvironment(): Promise<void> {
    const { environment: name, image, subnet } = this.#choices;
    const { environment, beside } = this.#stacks;
    await this.steps.foundation('zips and notifier are built', async () => build());
    await this.steps.foundation(`${name} is not there yet`, async () => {
      if (await environment.exists()) throw new Error(IS_THERE);
    });
    await this.steps.foundation('the notifier is in S3', async () => (this.#beside = await beside.apply()));
    await this.steps.foundation(`${name} applies`, async () => {
      this.#made = await environment.apply({ notifier: this.#beside['notifier'] });
    });
    await this.steps.foundation('a host starts', async () => {
      const { host_instance_profile_name, host_tags, platform } = this.#made;
      const { notice_topic_arn } = platform as { notice_topic_arn: string };
      const given = { ...(image && { image_id: image }), ...(subnet && { subnet_id: subnet }) };
      const made = { host_instance_profile_name, host_tags, notice_topic_arn };
      this.#beside = await beside.apply({ environment: made, ...given });
    });
    await this.steps.foundation('the host installs the notifier', () => this.#account.installed(this.#instanceId));
  }

  async applyExamples(): Promise<void> {
    const { partner } = this.#choices;
    for (const [name, stack] of Object.entries(this.#stacks.examples)) {
      if (name === 'webhook' && partner === undefined) {
        this.steps.leaveOut('example webhook', 'it needs a partner that the account reaches: --partner URL');
        continue;
      }
      await this.steps.step(`example ${name} applies`, async () => {
        const given = { platform: this.#made['platform'], ...(name === 'webhook' && { partner_url: partner }) };
        this.#machines[name] = String((await stack.apply(given))['state_machine_arn']);
      });
    }
  }

  async runExamples(): Promise<void> {
    const instanceId = this.#instanceId;
    for (const name of ['async-lambda', 'callback-notify', 'queue-worker', 'webhook']) {
      if (this.#machines[name] === undefined) continue;
      await this.steps.step(`${name} succeeds`, async () =>
        this.#endsAs('SUCCEEDED', name, await this.#start(name, inputOf(name))),
      );
    }
    await this.steps.step('ec2-job succeeds, and brings the shards', async () => {
      const command = ['sh', '-c', bringShards()];
      await this.#endsAs('SUCCEEDED', 'ec2-job', await this.#start('ec2-job', { instanceId, command }));
    });
    await this.steps.step('fan-out succeeds', async () => {
      const { shards } = inputOf('fan-out') as { shards: object[] };
      const input = { shards: shards.map((shard) => ({ ...shard, instanceId })) };
      await this.#endsAs('SUCCEEDED', 'fan-out', await this.#start('fan-out', input));
    });
  }

  async rotateKeys(): Promise<void> {
    await this.steps.step('approval succeeds by links that were signed before their key was rotated', async () => {
      const started = await this.#start('approval', inputOf('approval'));
      const links = linksIn(await this.#account.messages(String(this.#beside['mailbox_url']), 30));
      for (const link_keys of [
        ['1', '2'],
        ['2', '1'],
      ]) {
        await this.#stacks.environment.apply({ notifier: this.#beside['notifier'], link_keys });
      }
      for (const link of links.slice(0, 2)) await approve(link);
      await this.#endsAs('SUCCEEDED', 'approval', started);
    });
  }

  async planAgain(): Promise<void> {
    await this.steps.step('a second plan changes nothing', async () => {
      for (const stack of [this.#stacks.environment, ...Object.values(this.#stacks.examples)]) {
        const changes = await stack.drift();
        if (changes !== undefined) throw new Error(changes);
      }
    });
  }

  async loseHost(): Promise<void> {
    const instanceId = this.#instanceId;
    await this.steps.step('a host that is terminated fails its task', async () => {
      const started = await this.#start('ec2-job', { instanceId, command: ['sleep', '600'] });
      await this.#account.busy(instanceId);
      await this.#account.terminate(instanceId);
      await this.#endsAs('Baton.HostLost', 'lost-host', started);
    });
  }

  async readEvents(): Promise<void> {
    await this.steps.step('events came', async () => {
      this.events.push(...(await this.#account.messages(String(this.#beside['events_url']), 10)));
      if (this.events.length === 0) throw new Error('the queue of events is empty');
    });
  }

  async destroy(): Promise<void> {
    const { environment, beside, examples: applied } = this.#stacks;
    if (this.#choices.keep) this.steps.leaveOut('everything is destroyed', '--keep');
    else {
      await this.steps.always('the examples are destroyed', async () => {
        for (const stack of Object.values(applied)) await stack.destroy();
      });
      await this.steps.always(`${this.#choices.environment} is destroyed`, () => environment.destroy());
      await this.steps.always('host, bucket and queues are destroyed', () => beside.destroy());
    }
    for (const stack of [environment, beside, ...Object.values(applied)]) stack.dispose();
  }

  get #instanceId(): string {
    return String(this.#beside['instance_id']);
  }

  #start(name: string, input: object): Promise<StartedExecution> {
    return this.#account.start(this.#machines[name] ?? '', input);
  }

  async #endsAs(expected: string, run: string, started: StartedExecution): Promise<void> {
    const { status, error = status, cause = '', history } = await started.ended();
    this.histories[run] = history;
    if (error !== expected) throw new Error(`it ended as ${error}, not as ${expected}. ${cause}`);
  }
}

const IS_THERE =
  'its state has resources, and a smoke run destroys what it tries: give it a state of its own, --backend-config key=smoke.tfstate';

function stacksOf({ environment, region, backendConfig, variables }: Choices) {
  const kept = join(root, 'terraform/smoke/dist', environment);
  mkdirSync(kept, { recursive: true });
  const stateOf = (name: string): string[] => [`-state=${join(kept, `${name}.tfstate`)}`];
  const { approvers, escalateTo } = inputOf('approval') as Record<'approvers' | 'escalateTo', { name: string }[]>;
  const people = [...approvers, ...escalateTo].map(({ name }) => name);
  return {
    environment: stackIn(`environments/${environment}`, {
      init: ['-backend-config=backend.hcl', ...backendConfig.map((each) => `-backend-config=${each}`)],
      given: variables.map((each) => `-var=${each}`),
    }),
    beside: stackIn('smoke', {
      init: [],
      state: stateOf('smoke'),
      given: [`-var=region=${region}`, `-var=approvers=${JSON.stringify(people)}`],
    }),
    examples: Object.fromEntries(
      readdirSync(examples).map((name) => [name, stackIn(`../examples/${name}`, { init: [], state: stateOf(name) })]),
    ),
  };
}

function build(): void {
  for (const script of ['package', 'package:notifier']) {
    execFileSync('npm', ['run', '--silent', script], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  }
}

/** A job that writes what the example fan-out works on into the folder of jobs. */
function bringShards(): string {
  const files = ['count-words.sh', ...readdirSync(join(examples, 'fan-out/shards')).map((name) => `shards/${name}`)];
  const writes = files.map((file) => {
    const content = readFileSync(join(examples, 'fan-out', file)).toString('base64');
    return `echo ${content} | base64 -d > ${file} && chmod 755 ${file}`;
  });
  return ['mkdir -p shards', ...writes, 'echo "{}"'].join(' && ');
}

/** The links that approvers were sent. */
const linksIn = (messages: readonly unknown[]): string[] =>
  messages.flatMap((message) => /https?:\/\/[^\s"\\]+\/approvals\/[^\s"\\]+/.exec(JSON.stringify(message))?.[0] ?? []);

/** What the button on the page does. */
async function approve(link: string): Promise<void> {
  const response = await fetch(link, { method: 'POST', body: new URLSearchParams({ decision: 'approved' }) });
  if (!response.ok) throw new Error(`the page answered ${response.status}: ${await response.text()}`);
}
