import { BatonError } from '../wire/errors.ts';
import { failure, type Outcome, success } from '../wire/outcome.ts';

/** What a function returned: nothing is null, and what JSON cannot say or Step Functions does not take is a failure. */
export function returned(value: unknown): Outcome {
  try {
    return success(value ?? null);
  } catch (error) {
    const name = error instanceof BatonError && error.code === 'OutputTooLarge' ? error.name : 'Baton.OutputNotJson';
    return failure(name, error instanceof Error ? error.message : textOf(error));
  }
}

/** What a function threw: the error's own name and message, by which Retry and Catch know it. */
export function thrown(value: unknown): Outcome {
  if (!(value instanceof Error)) return failure('Baton.ThrownValue', textOf(value));
  // Anything may stand where an error's name does. Names that begin with States. are Step Functions' own.
  const name = textOf(value.name);
  return failure(name.startsWith('States.') ? `Worker.${name}` : name === '' ? 'Error' : name, messageOf(value));
}

/** The message of an AggregateError says mostly that there were several: which ones is what matters. */
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
