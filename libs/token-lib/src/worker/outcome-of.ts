import { BatonError } from '../errors.ts';
import { failure, type Outcome, success } from '../outcome.ts';

/** What a function returned: nothing is null, and what JSON cannot say or Step Functions does not take is a failure. */
export function returned(value: unknown): Outcome {
  try {
    return success(value ?? null);
  } catch (error) {
    const name = error instanceof BatonError && error.code === 'OutputTooLarge' ? error.name : 'Baton.OutputNotJson';
    return failure(name, messageOf(error));
  }
}

/** What a function threw: the error's own name and message, by which Retry and Catch know it. */
export function thrown(value: unknown): Outcome {
  if (!(value instanceof Error)) return failure('Baton.ThrownValue', typeof value === 'string' ? value : textOf(value));
  // Names that begin with States. are Step Functions' own.
  const name = value.name.startsWith('States.') ? `Worker.${value.name}` : value.name;
  return failure(name === '' ? 'Error' : name, value.message);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : textOf(error));

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return typeof value;
  }
}
