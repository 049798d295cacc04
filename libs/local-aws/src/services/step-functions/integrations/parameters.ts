import type { Json } from '@baton/asl';
import { TaskFailure } from './task-failure.ts';

export type Parameters = { [name: string]: Json };

/** @throws {TaskFailure} where the parameters are no JSON object */
export function objectOf(parameters: Json): Parameters {
  if (typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters)) return parameters;
  throw new TaskFailure(
    'States.Runtime',
    `The Parameters '${JSON.stringify(parameters)}' could not be used to start the Task`,
  );
}

/** Where a service takes text, a definition may give any JSON: it is sent as its text. Null is nothing. */
export function textOf(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Without the members that are null: to a service they are absent. */
export function present(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== null));
}
