import { AwsError } from './kernel/aws-error.ts';
import type { JsonObject } from './kernel/service.ts';

/** A text among a request's members. @throws {AwsError} ValidationException where it is missing or no text */
export function text(input: JsonObject, name: string): string {
  const value = optionalText(input, name);
  if (value !== undefined) return value;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
  );
}

/** The same where it may be left out; null is as good as missing. @throws {AwsError} SerializationException where it is no text */
export function optionalText(input: JsonObject, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
  throw new AwsError('SerializationException', `${name} is ${JSON.stringify(value)}; it must be a text`);
}
