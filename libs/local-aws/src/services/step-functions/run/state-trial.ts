import { createExecution, parseDefinition } from '@baton/asl';
import type { Effect, EnginePorts, ExecutionIdentity, HistoryEvent, Input, Json } from '@baton/asl';
import type { CallTask, TaskOutcome } from './integration-port.ts';

export type State = { readonly [field: string]: Json };

/** How to run a single state, outside of any state machine, through the engine. */
export interface Trial {
  readonly language: 'JSONPath' | 'JSONata';
  readonly input: string;
  readonly variables: Json;
  readonly identity: ExecutionIdentity;
  readonly ports: EnginePorts;
  readonly now: number;
  /** How many retries there have been before this attempt. */
  readonly retriesMade: number;
  perform(task: CallTask): Promise<TaskOutcome>;
}

/** What a state did when it ran once. */
export interface TrialResult {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'RETRIABLE' | 'CAUGHT_ERROR';
  readonly output: string | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly nextState: string | undefined;
  /** What went to the task: its evaluated parameters or arguments. */
  readonly parameters: string | undefined;
  /** What came back from the task. */
  readonly result: string | undefined;
  readonly assigned: Readonly<Record<string, string>> | undefined;
  readonly retryDelaySeconds: number | undefined;
}

const SETUP = 'Variables of the test';

/** The definition of a machine that runs only `state`: every state that it names is a stub that succeeds. */
export function machineAround(
  name: string,
  state: State,
  { language, variables }: Pick<Trial, 'language' | 'variables'>,
): string {
  const stubs = targets(state).map((target) => [target, { Type: 'Succeed' }] as const);
  const setup = { Type: 'Pass', Assign: variables, Next: name };
  const States = { [SETUP]: setup, ...Object.fromEntries(stubs), [name]: state };
  return JSON.stringify({ QueryLanguage: language, StartAt: SETUP, States });
}

function targets(state: State): string[] {
  const found: string[] = [];
  JSON.stringify(state, (field, value: unknown) => {
    if ((field === 'Next' || field === 'Default') && typeof value === 'string') found.push(value);
    return ['States', 'Parameters', 'Arguments', 'Result'].includes(field) ? undefined : value;
  });
  return found;
}

/** Waits end at once. The first retry beyond `retriesMade` is not made: the result is RETRIABLE. */
export async function runState(name: string, state: State, trial: Trial): Promise<TrialResult> {
  const { machine } = parseDefinition(machineAround(name, state, trial), {});
  if (machine === undefined) throw new TypeError(`The state ${name} has not been checked`);
  const execution = createExecution({ machine, input: trial.input, identity: trial.identity, ports: trial.ports });
  const inputs: Input[] = [{ type: 'start' }];
  let retries = trial.retriesMade;
  let now = trial.now;
  for (let input = inputs.shift(); input; input = inputs.shift()) {
    for (const effect of execution.handle(input, now)) {
      if (effect.type === 'evaluate') inputs.push(await evaluate(effect));
      if (effect.type === 'callTask') {
        inputs.push({ ...(await trial.perform(effect)), task: effect.task });
      }
      if (effect.type !== 'startTimer') continue;
      const isRetry = input.type === 'taskFailed';
      if (isRetry && retries === 0) {
        return { ...read(name, execution.history), status: 'RETRIABLE', retryDelaySeconds: (effect.at - now) / 1000 };
      }
      if (isRetry || state['Type'] === 'Wait') {
        if (isRetry) retries -= 1;
        now = Math.max(now, effect.at);
        inputs.push({ type: 'timerFired', timer: effect.timer });
      }
    }
  }
  const result = read(name, execution.history);
  if (execution.status === 'SUCCEEDED')
    return { ...result, status: result.error === undefined ? 'SUCCEEDED' : 'CAUGHT_ERROR' };
  return { ...result, status: 'FAILED', error: execution.error, cause: execution.cause };
}

async function evaluate({ evaluation, evaluate: run }: Extract<Effect, { type: 'evaluate' }>): Promise<Input> {
  try {
    return { type: 'evaluated', evaluation, value: await run() };
  } catch (error) {
    return { type: 'evaluationFailed', evaluation, error };
  }
}

/** Reads the result from the history, from the event that enters the state. */
function read(name: string, history: readonly HistoryEvent[]): Omit<TrialResult, 'status'> {
  const from = history.findIndex((event) => event.type.endsWith('StateEntered') && detailsOf(event)['name'] === name);
  const own = from < 0 ? [] : history.slice(from);
  const detail = (member: string, ...kinds: string[]): string | undefined => {
    const isWanted = (event: HistoryEvent): boolean => kinds.some((kind) => event.type.endsWith(kind));
    return textOf(
      own.find((event) => isWanted(event) && member in detailsOf(event)),
      member,
    );
  };
  const exit = own.findIndex((event) => event.type.endsWith('StateExited'));
  const exited = exit < 0 ? undefined : own[exit];
  const next = exit < 0 ? undefined : own.slice(exit).find((event) => event.type.endsWith('StateEntered'));
  const failures = ['TaskFailed', 'LambdaFunctionFailed', 'ActivityFailed', 'EvaluationFailed'];
  return {
    output: textOf(exited, 'output'),
    error: detail('error', ...failures),
    cause: detail('cause', ...failures),
    nextState: textOf(next, 'name'),
    parameters: detail('parameters', 'TaskScheduled') ?? detail('input', 'FunctionScheduled', 'ActivityScheduled'),
    result: detail('output', 'TaskSucceeded', 'FunctionSucceeded', 'ActivitySucceeded'),
    assigned: exited && textsOf(detailsOf(exited)['assignedVariables']),
    retryDelaySeconds: undefined,
  };
}

function detailsOf(event: HistoryEvent): Readonly<Record<string, unknown>> {
  const isDetails = (member: string): member is `${string}EventDetails` => member.endsWith('EventDetails');
  const member = Object.keys(event).find(isDetails);
  return (member && event[member]) ?? {};
}

function textOf(event: HistoryEvent | undefined, member: string): string | undefined {
  const value = event && detailsOf(event)[member];
  return typeof value === 'string' ? value : undefined;
}

function textsOf(members: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof members !== 'object' || members === null) return undefined;
  const isText = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string';
  return Object.fromEntries(Object.entries(members).filter(isText));
}
