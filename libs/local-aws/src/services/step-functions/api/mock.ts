import { AwsError } from '../../../kernel/aws-error.ts';
import { oneOf, optional, structure, text } from '../../../kit/reader.ts';
import { jsonProblem, isJsonObject, parseJson } from '../json-text.ts';
import { invalidExecutionInput, validation } from '../refusals.ts';
import type { TaskOutcome } from '../run/integration-port.ts';
import type { State } from '../run/state-trial.ts';

/** A request's member: what a Task, Map or Parallel ends with, in place of its work. */
export const mock = structure({
  result: optional(text({ max: 262_144, sensitive: true })),
  errorOutput: optional(structure({ error: optional(text({ max: 256 })), cause: optional(text({ max: 32_768 })) })),
  fieldValidationMode: optional(oneOf(['STRICT', 'PRESENT', 'NONE'])),
});
type Mock = ReturnType<typeof mock>;

/** @throws {AwsError} ValidationException, InvalidDefinition, InvalidExecutionInput */
export function checkMock(state: State, given: Mock | undefined, revealSecrets: boolean): void {
  const type = typeof state['Type'] === 'string' ? state['Type'] : '';
  const isComposite = type === 'Map' || type === 'Parallel';
  if (given === undefined) {
    if (!isComposite) return;
    const supported = 'Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]';
    throw new AwsError('InvalidDefinition', `TestState API does not support Map or Parallel states. ${supported}`);
  }
  if (revealSecrets) throw validation('TestState does not support RevealSecrets when a mock is specified.');
  if (given.result !== undefined && given.errorOutput !== undefined) {
    throw validation('A test mock should have only one of the following fields: [result, errorOutput].');
  }
  if (!isComposite && type !== 'Task') {
    throw validation(`State type '${type}' is not supported when a mock is specified`);
  }
  if (isComposite && given.result !== undefined) checkResult(state, given.result);
}

function checkResult(state: State, given: string): void {
  const problem = jsonProblem(given);
  if (problem !== undefined) throw invalidExecutionInput(problem);
  const result = parseJson(given);
  const branches = state['Branches'];
  if ('ResultWriter' in state) {
    if (!isJsonObject(result)) throw validation('Mocked result must be a JSON object.');
  } else if (!Array.isArray(result)) {
    throw validation('Mocked result must be an array.');
  } else if (state['Type'] === 'Parallel' && Array.isArray(branches) && result.length !== branches.length) {
    throw validation('Mocked result must contain the same number of items as number of Parallel branches.');
  }
}

/** What a Map or Parallel has in common with a Task: what comes before and after the result. */
const COMMON = new Set([
  ...['InputPath', 'ResultSelector', 'ResultPath', 'OutputPath', 'Output', 'Assign'],
  ...['Retry', 'Catch', 'Next', 'End'],
]);

/** The Task that runs in place of a mocked state. */
export function standIn(state: State): State {
  if (state['Type'] === 'Task') return state;
  const kept = Object.entries(state).filter(([field]) => COMMON.has(field));
  return { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', ...Object.fromEntries(kept) };
}

export function outcomeOf({ result, errorOutput }: Mock): TaskOutcome {
  if (errorOutput === undefined) return { type: 'taskSucceeded', output: result ?? '{}' };
  const { error, cause } = errorOutput;
  return { type: 'taskFailed', ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
}
