import type { Json } from '@baton/asl';
import type { JsonObject } from '../../../kernel/service.ts';
import { isJsonObject, parseJson } from '../json-text.ts';
import { runState, type State, type Trial, type TrialResult } from './state-trial.ts';

/**
 * The inspection data of TestState at the levels DEBUG and TRACE: the data after each field of the state. The engine does not show
 * intermediate data, so each step is the output of the same state without the fields that follow.
 */
export async function inspect(state: State, trial: Trial, result: TrialResult): Promise<JsonObject> {
  const shown = {
    input: trial.input,
    ...(trial.language === 'JSONata' ? inspectJsonata(state, result) : await inspectJsonPath(state, trial, result)),
    ...(result.assigned && { variables: variablesText(result.assigned) }),
  };
  const errorDetails = detailsOfError(state, result);
  return { ...withoutUndefined(shown), ...(errorDetails && { errorDetails }) };
}

const inspectJsonata = (state: State, { parameters, result }: TrialResult): JsonObject =>
  state['Type'] === 'Task' ? { afterArguments: parameters, result } : {};

async function inspectJsonPath(state: State, trial: Trial, { result }: TrialResult): Promise<JsonObject> {
  const cut = async (fields: State, answer = result): Promise<string | undefined> => {
    const perform: Trial['perform'] = () => Promise.resolve({ type: 'taskSucceeded', output: answer ?? 'null' });
    return (await runState('Cut', { ...fields, End: true }, { ...trial, perform })).output;
  };
  const pick = (...fields: string[]): State =>
    Object.fromEntries(Object.entries(state).filter(([name]) => fields.includes(name)));
  const afterInputPath = await cut({ Type: 'Pass', ...pick('InputPath') });
  switch (state['Type']) {
    case 'Pass': {
      const afterResultPath = await cut(pick('Type', 'InputPath', 'Parameters', 'Result', 'ResultPath'));
      if ('Result' in state) {
        const text = JSON.stringify(state['Result']);
        return { result: text, afterResultSelector: text, afterResultPath };
      }
      const afterParameters = await cut(pick('Type', 'InputPath', 'Parameters'));
      return { afterInputPath, afterParameters, afterResultSelector: afterParameters, afterResultPath };
    }
    case 'Task': {
      const afterParameters = await cut({ Type: 'Pass', ...pick('InputPath', 'Parameters') });
      if (result === undefined) return { afterInputPath, afterParameters };
      const call = pick('Type', 'Resource', 'InputPath', 'Parameters', 'ResultSelector');
      return {
        afterInputPath,
        afterParameters,
        result,
        afterResultSelector: await cut(call),
        afterResultPath: await cut({ ...call, ...pick('ResultPath') }),
      };
    }
    default:
      return { afterInputPath };
  }
}

function variablesText(assigned: Readonly<Record<string, string>>): string {
  const values = Object.entries(assigned).map(([name, text]) => [name, parseJson(text)]);
  return JSON.stringify(Object.fromEntries(values));
}

/** Which retrier or catcher took the error. */
function detailsOfError(
  state: State,
  { status, error, retryDelaySeconds, nextState }: TrialResult,
): JsonObject | undefined {
  const takes = (handler: Json): boolean =>
    isJsonObject(handler) &&
    (status === 'RETRIABLE' || handler['Next'] === nextState) &&
    itemsOf(handler['ErrorEquals']).some(
      (name) => name === error || name === 'States.ALL' || name === 'States.TaskFailed',
    );
  const indexIn = (field: string): number => itemsOf(state[field]).findIndex(takes);
  if (status === 'CAUGHT_ERROR') return { catchIndex: indexIn('Catch') };
  if (status !== 'RETRIABLE') return undefined;
  return { retryIndex: indexIn('Retry'), retryBackoffIntervalSeconds: retryDelaySeconds };
}

const itemsOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

const withoutUndefined = (members: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
