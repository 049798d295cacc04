import type { JsonObject } from '../../kernel/service.ts';
import { invalidParameter } from './refusals.ts';

/** Reads the members of a request. */

export function optionalText(input: JsonObject, name: string): string | undefined {
  const value = input[name] ?? undefined;
  if (value !== undefined && typeof value !== 'string') throw invalidParameter(`${name} Reason: must be a string`);
  return value;
}

export function requiredText(input: JsonObject, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined) throw invalidParameter(`${name} Reason: no value for required parameter`);
  return value;
}

/** A boolean of the Query protocol is text. */
export const isTrue = (input: JsonObject, name: string): boolean => [true, 'true'].includes(input[name] as boolean);

export function list(input: JsonObject, name: string): readonly JsonObject[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'object' && item !== null)) {
    throw invalidParameter(`${name} Reason: must be a list of structures`);
  }
  return value as JsonObject[];
}

export function texts(input: JsonObject, name: string): readonly string[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw invalidParameter(`${name} Reason: must be a list of strings`);
  }
  return value;
}

export function textMap(input: JsonObject, name: string): Readonly<Record<string, string>> {
  const value = input[name] ?? {};
  if (typeof value !== 'object' || !Object.values(value).every((item) => typeof item === 'string')) {
    throw invalidParameter(`${name} Reason: must be a map of strings`);
  }
  return value as Record<string, string>;
}

/** The JSON object in a text. @throws {AwsError} InvalidParameter, naming the member */
export function jsonObject(name: string, text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidParameter(`${name}: failed to parse JSON.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidParameter(`${name}: must be a JSON object.`);
  }
  return value as JsonObject;
}
