import { AwsError, createLocalAws, type JsonObject } from '../src/index.ts';
import { compareExecution, compareRefusal, type Verdict } from './compare.ts';
import { createResources } from './resources.ts';
import {
  pythonJson,
  resolve,
  ROLE,
  type ExpectedExecution,
  type Scenario,
  type Stage,
  type Step,
  type Values,
} from './scenario.ts';
import { runWorker, workerScripts } from './worker.ts';

/** How long to wait beyond the longest duration in the scenario, in seconds of the manual clock. */
const PATIENCE_SECONDS = 900;

/**
 * Runs a scenario on its own local AWS, as fast as the manual clock goes. Adds the actions that it calls to `called`, as `sqs:SendMessage`; those
 * that only prepare it are left out. Returns how far it agrees with the recording.
 */
export async function replay(scenario: Scenario, called: Set<string>): Promise<Verdict> {
  const aws = createLocalAws({ clock: 'manual' });
  let isStopped = false;
  try {
    const values: Values = new Map();
    await createResources(aws, scenario.resources, values);
    aws.observe({ call: ({ service, action }) => called.add(`${service}:${action}`) });
    const failures: string[] = [];
    const startWorkers = (): void => {
      for (const script of workerScripts(scenario.steps)) {
        runWorker(aws, script, values, () => isStopped).catch((error: unknown) => failures.push(String(error)));
      }
    };
    const refusal = await playSteps(aws, scenario, values, startWorkers);
    if (scenario.kind === 'apiError') {
      return compareRefusal(resolve(scenario.expect[0]?.['error'], values) as JsonObject, refusal);
    }
    if (refusal) throw refusal;
    const verdict = await judge(aws, scenario, values);
    return failures.length > 0 && verdict.level < 4
      ? { ...verdict, difference: `${verdict.difference}; ${failures.join()}` }
      : verdict;
  } catch (error) {
    return { level: 0, difference: error instanceof AwsError ? `${error.code}: ${error.message}` : String(error) };
  } finally {
    isStopped = true;
    await aws.close();
  }
}

/** Returns the error of the last step, if it failed. @throws {AwsError} when another step fails */
async function playSteps(
  aws: Stage,
  { steps }: Scenario,
  values: Values,
  startWorkers: () => void,
): Promise<AwsError | undefined> {
  const own = steps.filter(({ worker }) => !worker);
  const firstStart = own.findIndex(({ op }) => op === 'startExecution');
  for (const [index, step] of own.entries()) {
    if (index === firstStart) startWorkers();
    try {
      await play(aws, step, values, `s${index}`);
    } catch (error) {
      if (error instanceof AwsError && index === own.length - 1) return error;
      throw error;
    }
  }
  return undefined;
}

async function play(aws: Stage, step: Step, values: Values, name: string): Promise<void> {
  const given = resolve(step, values) as Step;
  const bind = (attribute: string, value: unknown) => values.set(`{{${step.id ?? ''}.${attribute}}}`, value);
  switch (step.op) {
    case 'createStateMachine': {
      const extra = Object.fromEntries(((step['extra'] ?? []) as string[]).map((member) => [member, 'text']));
      bind('arn', await createMachine(aws, name, given['definition'], { type: step['type'], ...extra }));
      bind('name', name);
      return;
    }
    case 'startExecution':
      bind('arn', await start(aws, given['stateMachine'], given, name));
      return;
    case 'helperStateMachine':
      await start(aws, await createMachine(aws, name, given['definition'], {}), given, name);
      return;
    case 'stopExecution': {
      const { execution: executionArn, error, cause } = given;
      await aws.call('states:StopExecution', { executionArn, error, cause });
      return;
    }
    case 'deleteActivity':
      await aws.call('states:DeleteActivity', { activityArn: given['activityArn'] });
      return;
    case 'getActivityTask':
      await aws.call('states:GetActivityTask', { activityArn: given['activityArn'] });
      return;
    case 'deleteTopic':
      await aws.call('sns:DeleteTopic', { TopicArn: given['topicArn'] });
      return;
    case 'deleteFunction':
      await aws.call('lambda:DeleteFunction', { FunctionName: given['functionName'] });
      return;
    default:
      throw new Error(`No step ${step.op}`);
  }
}

const asText = (json: unknown): string => (typeof json === 'string' ? json : pythonJson(json));

async function createMachine(aws: Stage, name: string, definition: unknown, rest: JsonObject): Promise<unknown> {
  const input = { name, definition: asText(definition), roleArn: ROLE, ...rest };
  return (await aws.call('states:CreateStateMachine', input))['stateMachineArn'];
}

async function start(aws: Stage, stateMachineArn: unknown, step: Step, fallback: string): Promise<unknown> {
  const input = (step['inputRaw'] ?? pythonJson(step['input'])) as string;
  const name = step['name'] ?? fallback;
  return (await aws.call('states:StartExecution', { stateMachineArn, name, input }))['executionArn'];
}

/** Returns the worst verdict on the scenario's executions. */
async function judge(aws: Stage, scenario: Scenario, values: Values): Promise<Verdict> {
  const deadline = aws.clock.now() + (scenario.longestSeconds + PATIENCE_SECONDS) * 1000;
  let worst: Verdict | undefined;
  for (const expected of scenario.expect as unknown as ExpectedExecution[]) {
    const executionArn = values.get(`{{${expected.execution}.arn}}`);
    if (expected.final === undefined || executionArn === undefined) continue;
    const status = await waitForEnd(aws, executionArn, expected.final.status, deadline);
    const history = await readHistory(aws, executionArn);
    const resolved = resolve(expected, values) as ExpectedExecution;
    const verdict = compareExecution(resolved, status, history, scenario.recorderDrops);
    if (worst === undefined || verdict.level < worst.level) worst = verdict;
  }
  return worst ?? { level: 0, difference: 'nothing to compare' };
}

async function waitForEnd(aws: Stage, executionArn: unknown, expected: string, deadline: number): Promise<string> {
  await (expected === 'RUNNING' ? aws.clock.advance(2000) : aws.activity.idle());
  for (;;) {
    const { status } = await aws.call('states:DescribeExecution', { executionArn });
    if (status !== 'RUNNING' || expected === 'RUNNING') return status as string;
    if (!(await aws.clock.advanceToNext(deadline - aws.clock.now()))) return status;
  }
}

async function readHistory(aws: Stage, executionArn: unknown): Promise<(JsonObject & { type: string })[]> {
  const events: (JsonObject & { type: string })[] = [];
  for (let nextToken: unknown; ;) {
    const page = await aws.call('states:GetExecutionHistory', { executionArn, maxResults: 1000, nextToken });
    events.push(...(page['events'] as (JsonObject & { type: string })[]));
    nextToken = page['nextToken'];
    if (nextToken === undefined) return events;
  }
}
