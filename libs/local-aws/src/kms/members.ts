import { AwsError } from '../aws-error.ts';
import type { JsonObject } from '../service.ts';

/** Reads the members of a request. @throws {AwsError} ValidationException, naming the member */

export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

const constraint = (name: string, value: unknown, rule: string): AwsError => {
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  const shown = value === undefined ? 'null' : `'${JSON.stringify(value)}'`;
  const failed = `Value ${shown} at '${member}' failed to satisfy constraint: ${rule}`;
  return invalid(`1 validation error detected: ${failed}`);
};

export function optionalText(input: JsonObject, name: string): string | undefined {
  const value = input[name] ?? undefined;
  if (value !== undefined && typeof value !== 'string') throw constraint(name, value, 'Member must be a string');
  return value;
}

export function requiredText(input: JsonObject, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined) throw constraint(name, value, 'Member must not be null');
  return value;
}

export function integer(input: JsonObject, name: string, least: number, most: number): number | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    throw constraint(name, value, `Member must have value between ${least} and ${most}`);
  }
  return value;
}

export function bytes(input: JsonObject, name: string, most: number): Uint8Array {
  const value = input[name] ?? undefined;
  if (!(value instanceof Uint8Array)) throw constraint(name, value, 'Member must not be null and must be a blob');
  if (value.length < 1 || value.length > most) {
    throw constraint(name, `${value.length} bytes`, `Member must have length between 1 and ${most}`);
  }
  return value;
}

export function list(input: JsonObject, name: string): readonly JsonObject[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'object' && item !== null)) {
    throw constraint(name, value, 'Member must be a list of structures');
  }
  return value as JsonObject[];
}

export function texts(input: JsonObject, name: string): readonly string[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw constraint(name, value, 'Member must be a list of strings');
  }
  return value;
}

export function textMap(input: JsonObject, name: string): Readonly<Record<string, string>> {
  const value = input[name] ?? {};
  if (typeof value !== 'object' || !Object.values(value).every((item) => typeof item === 'string')) {
    throw constraint(name, value, 'Member must be a map of strings');
  }
  return value as Record<string, string>;
}
