import type { Json } from '@baton/asl';
import type { JsonObject } from '../../../kernel/service.ts';
import { read, type Check, type Dialect, type Members, type Shape } from '../../../kit/reader.ts';
import { isJsonObject } from '../json-text.ts';
import { TaskFailure } from './task-call.ts';

export type Parameters = Readonly<Record<string, Json>>;

/** @throws {TaskFailure} for what is not a JSON object */
export function objectOf(parameters: Json): Parameters {
  if (isJsonObject(parameters)) return parameters;
  throw unusable(parameters);
}

const unusable = (parameters: Json, problem?: string): TaskFailure =>
  new TaskFailure(
    'States.Runtime',
    `The Parameters '${JSON.stringify(parameters)}' could not be used to start the Task${problem ? `: [${problem}]` : ''}`,
  );

/** Parameters of the wrong type fail the task. [guessed, after texts that users report] */
const dialect = (parameters: Json): Dialect => ({
  wrongType(path, _value, wanted) {
    throw unusable(parameters, `The value for the field '${path}' must be a ${wanted.toUpperCase()}`);
  },
  refuse([first]) {
    throw unusable(parameters, `The value for the field '${first?.path ?? ''}' has an invalid format`);
  },
});

/**
 * The members that an integration reads itself, and the `rest`, which goes to the service as it is.
 * @throws {TaskFailure} States.Runtime
 */
export function readParameters<S extends Shape>(
  parameters: Json,
  shape: S,
): Members<S> & { readonly rest: Parameters } {
  const given = objectOf(parameters);
  const rest = Object.fromEntries(Object.entries(given).filter(([name]) => !(name in shape)));
  return { ...read(dialect(parameters), shape, given), rest };
}

/** A member that takes text: a definition may give any JSON, which is sent as its text. Null is left out. [recorded] */
export const jsonText: Check<string | undefined> = (value) => textOf(value);

export function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Without the members that are null, which services take for absent. */
export const present = (members: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== null));
