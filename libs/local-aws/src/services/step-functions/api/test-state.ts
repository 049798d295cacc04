import type { LegacyAction as Action } from '../../../kit/legacy.ts';
import type { EnginePorts, ExecutionIdentity, Json } from '@baton/asl';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { World } from '../../../kernel/service.ts';
import { formatArn } from './arn.ts';
import { readDefinition } from './definition.ts';
import type { CallIntegration, CallTask, TaskOutcome } from '../integrations/integration.ts';
import { jsonProblem } from './json-text.ts';
import { invalidDefinition, invalidExecutionInput, validation } from './refusals.ts';
import { flag, number, optional, readRequest, required, structure, text } from './request.ts';
import { inspect } from '../run/state-inspection.ts';
import { machineAround, runState, type State, type Trial } from '../run/state-trial.ts';

const payload = text({ max: 262_144, sensitive: true });
const members = {
  definition: required(text({ min: 1, max: 1_048_576, sensitive: true })),
  roleArn: optional(text({ min: 1, max: 256 })),
  input: optional(payload),
  inspectionLevel: optional(text({ oneOf: ['INFO', 'DEBUG', 'TRACE'] })),
  revealSecrets: optional(flag),
  variables: optional(payload),
  stateName: optional(text({ min: 1, max: 80, sensitive: true })),
  context: optional(payload),
  stateConfiguration: optional(
    structure({
      retrierRetryCount: optional(number({ min: 0 })),
      errorCausedByState: optional(text({ min: 1, max: 80, sensitive: true })),
      mapIterationFailureCount: optional(number({ min: 0 })),
      mapItemReaderData: optional(payload),
    }),
  ),
  mock: optional(
    structure({
      result: optional(payload),
      errorOutput: optional(structure({ error: optional(text({ max: 256 })), cause: optional(text({ max: 32_768 })) })),
      fieldValidationMode: optional(text({ oneOf: ['STRICT', 'PRESENT', 'NONE'] })),
    }),
  ),
};
type Mock = {
  readonly result: string | undefined;
  readonly errorOutput: { error: string | undefined; cause: string | undefined } | undefined;
};

/** Runs one state, with the real services or with a mocked answer. */
export function createTestStateAction(world: World, ports: EnginePorts, callIntegration: CallIntegration): Action {
  const run = (task: CallTask, identity: ExecutionIdentity): Promise<TaskOutcome> =>
    new Promise((settled) => {
      const unused = (): void => undefined;
      void callIntegration(task, identity, { isOpen: () => true, submitted: unused, settled, onAbandon: unused });
    });
  return async (input) => {
    const request = readRequest(input, members);
    const { name, state, language } = readState(request.definition, request.stateName);
    checkMock(state, request.mock, request.revealSecrets);
    const isCalled = state['Type'] === 'Task' && request.mock === undefined;
    if (isCalled) checkCallable(state);
    if (isCalled && request.roleArn === undefined)
      throw validation('RoleArn must be specified when testing a Task state');
    const context = readJson(request.context ?? '{}') as Context;
    const identity = identify(world, context, request.roleArn);
    const perform = (task: CallTask): Promise<TaskOutcome> =>
      request.mock ? Promise.resolve(answerOf(request.mock)) : run(task, identity);
    const token = context.Task?.Token;
    const trial: Trial = {
      language,
      input: check(request.input ?? '{}'),
      variables: readJson(request.variables ?? '{}'),
      identity,
      ports: token === undefined ? ports : { ...ports, mintToken: () => token },
      now: world.clock.now(),
      retriesMade: (request.mock && request.stateConfiguration?.retrierRetryCount) ?? 0,
      perform,
    };
    const tested = request.mock ? standIn(state) : state;
    readDefinition(machineAround(name, tested, trial), 'STANDARD');
    const { status, output, error, cause, nextState, ...rest } = await runState(name, tested, trial);
    const result = { status, output, error, cause, nextState };
    const answer = Object.fromEntries(Object.entries(result).filter(([, value]) => value !== undefined));
    if ((request.inspectionLevel ?? 'INFO') === 'INFO') return answer;
    return { ...answer, inspectionData: await inspect(tested, trial, { ...result, ...rest }) };
  };
}

interface Context {
  readonly Execution?: { Id?: string; Name?: string; RoleArn?: string; StartTime?: string };
  readonly StateMachine?: { Id?: string; Name?: string };
  readonly Task?: { Token?: string };
}

interface Tested {
  readonly name: string;
  readonly state: State;
  readonly language: Trial['language'];
}

/** The definition is a state's, or a whole machine's where `stateName` says which state of it. */
function readState(definition: string, stateName: string | undefined): Tested {
  const problem = jsonProblem(definition);
  if (problem !== undefined) throw invalidDefinition(`INVALID_JSON_DESCRIPTION: ${problem}`);
  const whole = JSON.parse(definition) as State;
  const state = stateName === undefined ? whole : findState(whole, stateName);
  if (state === undefined) throw validation(`State '${stateName ?? ''}' does not exist in the definition`);
  const language = (state['QueryLanguage'] ?? whole['QueryLanguage'] ?? 'JSONPath') as Trial['language'];
  return { name: stateName ?? 'StateName', state, language };
}

/** States within branches and iterations have names of their own, unique in the machine. */
function findState(machine: State, name: string): State | undefined {
  let found: State | undefined;
  JSON.stringify(machine, (field, value: { [state: string]: State } | undefined) => {
    if (field === 'States' && value?.[name]) found ??= value[name];
    return value;
  });
  return found;
}

/** What waits for somebody else has nobody to wait for in a test. */
function checkCallable({ Resource }: State): void {
  const resource = Resource as string;
  if (!/\.(sync|sync:2|waitForTaskToken)$|:activity:/.test(resource)) return;
  throw validation(`TestState runs the resource '${resource}' only with a mock: nothing would answer it`);
}

function checkMock(state: State, mock: Mock | undefined, revealSecrets: boolean | undefined): void {
  const type = state['Type'] as string;
  const isComposite = type === 'Map' || type === 'Parallel';
  if (mock === undefined) {
    if (!isComposite) return;
    const supported = 'Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]';
    throw new AwsError('InvalidDefinition', `TestState API does not support Map or Parallel states. ${supported}`);
  }
  if (revealSecrets) throw validation('TestState does not support RevealSecrets when a mock is specified.');
  if (mock.result !== undefined && mock.errorOutput !== undefined) {
    throw validation('A test mock should have only one of the following fields: [result, errorOutput].');
  }
  if (!isComposite && type !== 'Task')
    throw validation(`State type '${type}' is not supported when a mock is specified`);
  if (!isComposite || mock.result === undefined) return;
  const result = readJson(mock.result);
  if ('ResultWriter' in state) {
    if (typeof result !== 'object' || result === null || Array.isArray(result))
      throw validation('Mocked result must be a JSON object.');
  } else if (!Array.isArray(result)) {
    throw validation('Mocked result must be an array.');
  } else if (type === 'Parallel' && result.length !== (state['Branches'] as Json[]).length) {
    throw validation('Mocked result must contain the same number of items as number of Parallel branches.');
  }
}

/** With a mocked result a Map or Parallel is what it has in common with a Task: what comes before and after the result. */
function standIn(state: State): State {
  if (state['Type'] === 'Task') return state;
  const common = [
    'InputPath',
    'ResultSelector',
    'ResultPath',
    'OutputPath',
    'Output',
    'Assign',
    'Retry',
    'Catch',
    'Next',
    'End',
  ];
  const kept = common.flatMap((field) => (field in state ? [[field, state[field] as Json]] : []));
  return { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', ...Object.fromEntries(kept) } as State;
}

function answerOf({ result, errorOutput }: Mock): TaskOutcome {
  if (errorOutput === undefined) return { type: 'taskSucceeded', output: result ?? '{}' };
  const { error, cause } = errorOutput;
  return { type: 'taskFailed', ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
}

function identify(world: World, { Execution = {}, StateMachine = {} }: Context, roleArn = ''): ExecutionIdentity {
  const name = Execution.Name ?? world.uuid();
  const machine = StateMachine.Name ?? world.uuid();
  return {
    executionArn: Execution.Id ?? formatArn(world, 'express', machine, name),
    name,
    roleArn: Execution.RoleArn ?? roleArn,
    startTime: Execution.StartTime === undefined ? world.clock.now() : Date.parse(Execution.StartTime),
    redriveCount: 0,
    stateMachineArn: StateMachine.Id ?? formatArn(world, 'stateMachine', machine),
    stateMachineName: machine,
    region: world.region,
  };
}

function check(input: string): string {
  const problem = jsonProblem(input);
  if (problem !== undefined) throw invalidExecutionInput(problem);
  return input;
}

const readJson = (json: string): Json => JSON.parse(check(json)) as Json;
