import type { JsonObject } from '../../kernel/service.ts';
import { invalidParameter, missingParameter, refusal } from './refusals.ts';

/** Reads the members of a request. What has the wrong JSON type is refused as the service's deserialiser does. */

const wrongType = (name: string, type: string): Error => refusal('SerializationException', `${name} must be ${type}.`);

export function optionalString(input: JsonObject, name: string): string | undefined {
  const value = input[name] ?? undefined;
  if (value !== undefined && typeof value !== 'string') throw wrongType(name, 'a string');
  return value;
}

export function requiredString(input: JsonObject, name: string): string {
  const value = optionalString(input, name);
  if (value === undefined || value === '') throw missingParameter(name);
  return value;
}

export function optionalInteger(input: JsonObject, name: string): number | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(name, 'an integer');
  return value;
}

export function integerBetween(input: JsonObject, name: string, least: number, most: number): number | undefined {
  const value = optionalInteger(input, name);
  if (value !== undefined && (value < least || value > most)) {
    throw invalidParameter(name, value, `Must be between ${least} and ${most}, if provided.`);
  }
  return value;
}

export function strings(input: JsonObject, name: string): readonly string[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw wrongType(name, 'a list of strings');
  }
  return value;
}

export function objects(input: JsonObject, name: string): readonly JsonObject[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value) || !value.every(isObject)) throw wrongType(name, 'a list of structures');
  return value;
}

export function stringMap(input: JsonObject, name: string): Readonly<Record<string, string>> {
  const value = input[name] ?? {};
  if (!isObject(value) || !Object.values(value).every((item) => typeof item === 'string')) {
    throw wrongType(name, 'a map of strings');
  }
  return value as Record<string, string>;
}

export function objectMap(input: JsonObject, name: string): Readonly<Record<string, JsonObject>> {
  const value = input[name] ?? {};
  if (!isObject(value) || !Object.values(value).every(isObject)) throw wrongType(name, 'a map of structures');
  return value as Record<string, JsonObject>;
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
