import { BatonError } from '../wire/errors.ts';
import { failure, type Outcome, success } from '../wire/outcome.ts';

/** Returns the outcome for a returned value: undefined is null; a value that JSON or Step Functions cannot take is a failure. */
export function returned(value: unknown): Outcome {
  try {
    return success(value ?? null);
  } catch (error) {
    const isLimit = error instanceof BatonError && error.code !== 'InvalidRequest';
    const name = isLimit ? error.name : 'Baton.OutputNotJson';
    return failure(name, error instanceof Error ? error.message : textOf(error));
  }
}

/** Returns the outcome for what was thrown: a failure with the error's name, which Retry and Catch match, and message. */
export function thrown(value: unknown): Outcome {
  if (!(value instanceof Error)) return failure('Baton.ThrownValue', textOf(value));
  // An error's name can be any value. Names that begin with States. are reserved for Step Functions.
  const name = textOf(value.name);
  return failure(name.startsWith('States.') ? `Worker.${name}` : name === '' ? 'Error' : name, messageOf(value));
}

/** The message of an AggregateError seldom says which errors there were, so theirs are added. */
function messageOf(error: Error): string {
  const several: unknown[] = error instanceof AggregateError ? error.errors : [];
  const each = several.map((one) => (one instanceof Error ? String(one) : textOf(one)));
  return [textOf(error.message), ...each].join('\n');
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return typeof value;
  }
}
