import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { launchChaosHost, type ChaosHost } from './chaos-host.ts';
import type { Evidence } from './evidence.ts';
import { alive } from './host-programs.ts';
import { HOSTS, type Misfortune, type Piece, type RoundPlan } from './plan.ts';
import { hostsOf, type ChaosPlatform } from './platform.ts';
import type { PieceFacts, RoundFacts, Run } from './verdict.ts';

/** A piece has as many attempts as its retries, each of which may wait for the run before it. */
const LONGEST_MS = 300_000;
/** What was stored by a function that then died is the reconciler's, which comes every minute. */
const LONGEST_CLOSING_MS = 150_000;
const LOOK_AGAIN_MS = 50;

const program = fileURLToPath(new URL('job.ts', import.meta.url));

export interface RoundOptions {
  readonly number: number;
  readonly plan: RoundPlan;
  readonly supervised: boolean;
  readonly follow: (what: string) => void;
}

interface Started {
  readonly name: string;
  /** Of the time stamps of its runs. */
  readonly folder: string;
  readonly executionArn: string;
}

/** Runs the plan, waits until everything has ended or should have, and gathers what is left. */
export async function runRound(
  platform: ChaosPlatform,
  evidence: Evidence,
  { number, plan, supervised, follow }: RoundOptions,
): Promise<RoundFacts> {
  const { aws, deployment } = platform;
  const known = { tokens: new Set(evidence.told.keys()), unhandled: evidence.unhandled().length };
  const hosts = await Promise.all(
    Array.from({ length: HOSTS }, (_, index) =>
      launchChaosHost(aws, deployment, { instanceId: instanceId(number, index), supervised }),
    ),
  );
  platform.expect(plan.crashes);
  const pieces = await Promise.all(
    plan.pieces.map(async (piece, index) => {
      const started = await start(platform, `${number}-${index}`, piece, hosts);
      const own = plan.misfortunes.filter((misfortune) => misfortune.piece === index);
      const host = hosts[piece.host];
      const befallen = host === undefined ? [] : own.map((each) => befallInTime(platform, started, host, each, follow));
      await Promise.all([ended(platform, started), ...befallen]);
      return started;
    }),
  );
  platform.expect([]);
  for (const host of hosts) host.heal();
  await until(
    async () => (await openRows(platform)).length === 0 && alive(aws.world.folder).length === 0,
    LONGEST_CLOSING_MS,
  );
  const facts: RoundFacts = {
    pieces: await Promise.all(pieces.map((piece) => factsOf(platform, evidence, piece))),
    outcomes: [...evidence.told].filter(([token]) => !known.tokens.has(token)).map(([, outcomes]) => outcomes.size),
    openRows: await openRows(platform),
    alive: alive(aws.world.folder),
    unhandled: evidence.unhandled().slice(known.unhandled),
  };
  await Promise.all(hosts.map((host) => host.end()));
  return facts;
}

const instanceId = (round: number, index: number): string =>
  `i-${String(round).padStart(15, '0')}${String(index).padStart(2, '0')}`;

async function start(
  { aws, stateMachineArn }: ChaosPlatform,
  name: string,
  { at, takes, stubborn, host }: Piece,
  hosts: readonly ChaosHost[],
): Promise<Started> {
  const folder = join(aws.world.folder, 'chaos', `piece-${name}`);
  mkdirSync(folder, { recursive: true });
  await setTimeout(at);
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', program, folder, String(takes)];
  const instanceIds = hosts.map((each) => each.instanceId);
  const input = { hosts: hostsOf(instanceIds, host), command: stubborn ? [...command, 'stubborn'] : command };
  const { executionArn } = await aws.call('states:StartExecution', { stateMachineArn, input: JSON.stringify(input) });
  return { name: `piece ${name}`, folder, executionArn: String(executionArn) };
}

async function befallInTime(
  platform: ChaosPlatform,
  { name, folder, executionArn }: Started,
  host: ChaosHost,
  misfortune: Misfortune,
  follow: (what: string) => void,
): Promise<void> {
  if (misfortune.since === 'run')
    await until(
      async () => readdirSync(folder).length > 0 || (await statusOf(platform, executionArn)) !== 'RUNNING',
      LONGEST_MS,
    );
  await setTimeout(misfortune.after);
  follow(`the host of ${name}: ${misfortune.what}`);
  await host.befall(misfortune);
}

const statusOf = async ({ aws }: ChaosPlatform, executionArn: string): Promise<unknown> =>
  (await aws.call('states:DescribeExecution', { executionArn }))['status'];

const ended = (platform: ChaosPlatform, { executionArn }: Started): Promise<void> =>
  until(async () => (await statusOf(platform, executionArn)) !== 'RUNNING', LONGEST_MS);

async function until(isSo: () => Promise<boolean>, longest: number): Promise<void> {
  for (let waited = 0; waited < longest && !(await isSo()); waited += LOOK_AGAIN_MS) await setTimeout(LOOK_AGAIN_MS);
}

async function openRows({ aws, deployment }: ChaosPlatform): Promise<string[]> {
  const { Items } = await aws.call('dynamodb:Scan', { TableName: deployment.tableName });
  const rows = (Items ?? []) as { sk?: { S: string }; state?: { S: string } }[];
  const states = rows.filter(({ sk }) => sk?.S === 'callback').map(({ state }) => state?.S ?? '');
  return states.filter((state) => state !== 'Settled' && state !== 'Gone');
}

async function factsOf(
  { aws }: ChaosPlatform,
  evidence: Evidence,
  { name, folder, executionArn }: Started,
): Promise<PieceFacts> {
  const described = await aws.call('states:DescribeExecution', { executionArn });
  const { status = '', output, error } = described as Record<string, string | undefined>;
  const runs = readdirSync(folder).map((run): Run => {
    const stamps = readFileSync(join(folder, run), 'utf8').trimEnd().split('\n').map(Number);
    return { run, first: stamps[0] ?? 0, last: stamps.at(-1) ?? 0 };
  });
  const ids = new Set(runs.map(({ run }) => run));
  return {
    name,
    status,
    error,
    succeeded: output === undefined ? undefined : (JSON.parse(output) as { run: string }).run,
    runs,
    durable: evidence.durable.filter(({ run }) => ids.has(run)),
  };
}
