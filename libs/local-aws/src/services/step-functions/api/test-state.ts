import type { ExecutionIdentity, Json } from '@baton/asl';
import type { World } from '../../../kernel/service.ts';
import { action, type UnboundAction } from '../../../kit/action.ts';
import { flag, integer, oneOf, optional, read, required, structure, text, withDefault } from '../../../kit/reader.ts';
import type { Members } from '../../../kit/reader.ts';
import { statesArn } from '../arn.ts';
import { isJsonObject, jsonProblem, parseJson } from '../json-text.ts';
import { invalidDefinition, invalidExecutionInput, validation } from '../refusals.ts';
import type { CallTask, TaskOutcome } from '../run/integration-port.ts';
import type { Runtime } from '../run/runtime.ts';
import { inspect } from '../run/state-inspection.ts';
import { machineAround, runState, type State, type Trial } from '../run/state-trial.ts';
import { definition, readDefinition } from './definition.ts';
import { dialect } from './members.ts';
import { checkMock, mock, outcomeOf, standIn } from './mock.ts';

const payload = text({ max: 262_144, sensitive: true });
const stateName = text({ min: 1, max: 80, sensitive: true });
const stateConfiguration = structure({
  retrierRetryCount: withDefault(integer({ min: 0 }), 0),
  errorCausedByState: optional(stateName),
  mapIterationFailureCount: optional(integer({ min: 0 })),
  mapItemReaderData: optional(payload),
});

/** The context object of a test, as far as it makes a difference here. */
const contextShape = {
  Execution: optional(
    structure({
      Id: optional(text()),
      Name: optional(text()),
      RoleArn: optional(text()),
      StartTime: optional(text()),
    }),
  ),
  StateMachine: optional(structure({ Id: optional(text()), Name: optional(text()) })),
  Task: optional(structure({ Token: optional(text()) })),
};

/** Runs one state, with the real services or with a mocked result. */
export const testStateActions = (runtime: Runtime): Record<string, UnboundAction> => ({
  TestState: action(
    {
      definition: required(definition),
      roleArn: optional(text({ min: 1, max: 256 })),
      input: withDefault(payload, '{}'),
      inspectionLevel: withDefault(oneOf(['INFO', 'DEBUG', 'TRACE']), 'INFO'),
      revealSecrets: withDefault(flag, false),
      variables: withDefault(payload, '{}'),
      stateName: optional(stateName),
      context: withDefault(payload, '{}'),
      stateConfiguration: optional(stateConfiguration),
      mock: optional(mock),
    },
    {
      evidence: 'documented',
      async run(request) {
        const { name, state, language } = readState(request.definition, request.stateName);
        checkMock(state, request.mock, request.revealSecrets);
        const isCalled = state['Type'] === 'Task' && request.mock === undefined;
        if (isCalled) checkCallable(state);
        if (isCalled && request.roleArn === undefined) {
          throw validation('RoleArn must be specified when testing a Task state');
        }
        const context = readContext(request.context);
        const identity = identify(runtime.world, context, request.roleArn);
        const token = context.Task?.Token;
        const trial: Trial = {
          language,
          input: checkJson(request.input),
          variables: parseJson(checkJson(request.variables)),
          identity,
          ports: token === undefined ? runtime.ports : { ...runtime.ports, mintToken: () => token },
          now: runtime.world.clock.now(),
          retriesMade: request.mock ? (request.stateConfiguration?.retrierRetryCount ?? 0) : 0,
          perform: (task) =>
            request.mock ? Promise.resolve(outcomeOf(request.mock)) : perform(runtime, task, identity),
        };
        const tested = request.mock ? standIn(state) : state;
        readDefinition(machineAround(name, tested, trial), 'STANDARD');
        const { status, output, error, cause, nextState, ...rest } = await runState(name, tested, trial);
        const result = { status, output, error, cause, nextState };
        const response = Object.fromEntries(Object.entries(result).filter(([, value]) => value !== undefined));
        if (request.inspectionLevel === 'INFO') return response;
        return { ...response, inspectionData: await inspect(tested, trial, { ...result, ...rest }) };
      },
    },
  ),
});

const perform = (runtime: Runtime, task: CallTask, identity: ExecutionIdentity): Promise<TaskOutcome> =>
  new Promise((settled) => {
    const unused = (): void => undefined;
    void runtime.callIntegration(task, identity, {
      isOpen: () => true,
      submitted: unused,
      settled,
      onAbandon: unused,
    });
  });

interface Tested {
  readonly name: string;
  readonly state: State;
  readonly language: Trial['language'];
}

/** The definition is a state's, or a whole machine's where `stateName` says which state of it. @throws {AwsError} */
function readState(given: string, wanted: string | undefined): Tested {
  const problem = jsonProblem(given);
  if (problem !== undefined) throw invalidDefinition(`INVALID_JSON_DESCRIPTION: ${problem}`);
  const whole = parseJson(given);
  if (!isJsonObject(whole)) throw invalidDefinition('INVALID_JSON_DESCRIPTION: The definition must be a JSON object');
  const state = wanted === undefined ? whole : findState(whole, wanted);
  if (state === undefined) throw validation(`State '${wanted ?? ''}' does not exist in the definition`);
  const language = (state['QueryLanguage'] ?? whole['QueryLanguage']) === 'JSONata' ? 'JSONata' : 'JSONPath';
  return { name: wanted ?? 'StateName', state, language };
}

/** States within branches and iterations have names of their own, unique in the machine. */
function findState(within: Json, name: string): State | undefined {
  if (typeof within !== 'object' || within === null) return undefined;
  const states = isJsonObject(within) ? within['States'] : undefined;
  const own = isJsonObject(states) ? states[name] : undefined;
  if (isJsonObject(own)) return own;
  for (const member of Object.values(within)) {
    const found = findState(member, name);
    if (found) return found;
  }
  return undefined;
}

/** What waits for somebody else has nobody to wait for in a test. */
function checkCallable({ Resource }: State): void {
  if (typeof Resource !== 'string' || !/\.(sync|sync:2|waitForTaskToken)$|:activity:/.test(Resource)) return;
  throw validation(`TestState runs the resource '${Resource}' only with a mock: nothing would answer it`);
}

function readContext(given: string): Members<typeof contextShape> {
  const context = parseJson(checkJson(given));
  if (!isJsonObject(context)) throw validation('The context must be a JSON object');
  return read(dialect, contextShape, context);
}

function identify(
  world: World,
  { Execution, StateMachine }: Members<typeof contextShape>,
  roleArn = '',
): ExecutionIdentity {
  const name = Execution?.Name ?? world.uuid();
  const machine = StateMachine?.Name ?? world.uuid();
  return {
    executionArn: Execution?.Id ?? statesArn(world, 'express', machine, name),
    name,
    roleArn: Execution?.RoleArn ?? roleArn,
    startTime: Execution?.StartTime === undefined ? world.clock.now() : Date.parse(Execution.StartTime),
    redriveCount: 0,
    stateMachineArn: StateMachine?.Id ?? statesArn(world, 'stateMachine', machine),
    stateMachineName: machine,
    region: world.region,
  };
}

/** @throws {AwsError} InvalidExecutionInput */
function checkJson(given: string): string {
  const problem = jsonProblem(given);
  if (problem !== undefined) throw invalidExecutionInput(problem);
  return given;
}
