import { AwsError } from '../../../kernel/aws-error.ts';
import type { JsonObject } from '../../../kernel/service.ts';

/**
 * Reads the members of a request as AWS does: every violation is collected, then refused in one ValidationException
 * with AWS's own words. What comes out is typed and trusted.
 */
type Check<T> = (value: unknown, path: string, problems: string[]) => T;
type Shape = Readonly<Record<string, Check<unknown>>>;
export type Members<S extends Shape> = { readonly [K in keyof S]: ReturnType<S[K]> };

interface TextLimits {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  readonly oneOf?: readonly string[];
  /** The value is a secret or a payload: the refusal does not repeat it, and its length counts in bytes. */
  readonly sensitive?: boolean;
}

/** @throws {AwsError} ValidationException, or SerializationException for a member of the wrong JSON type */
export function readRequest<S extends Shape>(input: JsonObject, shape: S): Members<S> {
  const problems: string[] = [];
  const members = readMembers(input, shape, '', problems);
  if (problems.length > 0) {
    const count = `${problems.length} validation error${problems.length > 1 ? 's' : ''} detected: `;
    throw new AwsError('ValidationException', count + problems.join('; '));
  }
  return members;
}

function readMembers<S extends Shape>(input: JsonObject, shape: S, prefix: string, problems: string[]): Members<S> {
  const members: Record<string, unknown> = {};
  for (const [name, check] of Object.entries(shape)) members[name] = check(input[name], prefix + name, problems);
  return members as Members<S>;
}

export const required =
  <T>(check: Check<T>): Check<T> =>
  (value, path, problems) => {
    if (value !== undefined && value !== null) return check(value, path, problems);
    problems.push(`Value null at '${path}' failed to satisfy constraint: Member must not be null`);
    return undefined as T;
  };

export const optional =
  <T>(check: Check<T>): Check<T | undefined> =>
  (value, path, problems) =>
    value === undefined || value === null ? undefined : check(value, path, problems);

export const text =
  (limits: TextLimits = {}): Check<string> =>
  (value, path, problems) => {
    if (typeof value !== 'string') throw wrongType(value, 'String');
    const { min, max, pattern, oneOf, sensitive } = limits;
    const length = sensitive ? Buffer.byteLength(value) : value.length;
    const fail = (rule: string) =>
      problems.push(
        `Value ${sensitive ? '' : `'${value}' `}at '${path}' failed to satisfy constraint: Member must ${rule}`,
      );
    if (min !== undefined && length < min) fail(`have length greater than or equal to ${min}`);
    if (max !== undefined && length > max) fail(`have length less than or equal to ${max}`);
    if (pattern && pattern.exec(value)?.[0] !== value) fail(`satisfy regular expression pattern: ${pattern.source}`);
    if (oneOf && !oneOf.includes(value)) fail(`satisfy enum value set: [${oneOf.join(', ')}]`);
    return value;
  };

export const number =
  (limits: { readonly min?: number; readonly max?: number } = {}): Check<number> =>
  (value, path, problems) => {
    if (typeof value !== 'number') throw wrongType(value, 'Number');
    const fail = (rule: string) =>
      problems.push(`Value '${value}' at '${path}' failed to satisfy constraint: Member must have value ${rule}`);
    if (limits.min !== undefined && value < limits.min) fail(`greater than or equal to ${limits.min}`);
    if (limits.max !== undefined && value > limits.max) fail(`less than or equal to ${limits.max}`);
    return value;
  };

export const flag: Check<boolean> = (value) => {
  if (typeof value !== 'boolean') throw wrongType(value, 'Boolean');
  return value;
};

export const structure =
  <S extends Shape>(shape: S): Check<Members<S>> =>
  (value, path, problems) =>
    readMembers(object(value), shape, `${path}.`, problems);

/** A structure that is kept and given back as it came. */
export const opaque: Check<JsonObject> = (value) => object(value);

export const list =
  <T>(item: Check<T>, limits: { readonly min?: number; readonly max?: number } = {}): Check<readonly T[]> =>
  (value, path, problems) => {
    if (!Array.isArray(value)) throw wrongType(value, 'List');
    const { min = 0, max = Infinity } = limits;
    const fail = (rule: string) =>
      problems.push(`Value '${JSON.stringify(value)}' at '${path}' failed to satisfy constraint: Member must ${rule}`);
    if (value.length < min) fail(`have length greater than or equal to ${min}`);
    if (value.length > max) fail(`have length less than or equal to ${max}`);
    return value.map((element, index) => item(element, `${path}.${index + 1}.member`, problems));
  };

function object(value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongType(value, 'Structure');
  return value as JsonObject;
}

function wrongType(value: unknown, wanted: string): AwsError {
  const found = Array.isArray(value) ? 'LIST' : `${typeof value}`.toUpperCase();
  return new AwsError('SerializationException', `${found}_VALUE can not be converted to a ${wanted}`);
}

/** Members that many requests share. */
export const arn = required(text({ min: 1, max: 256 }));
export const longArn = required(text({ min: 1, max: 2000 }));
export const pageMembers = {
  maxResults: optional(number({ min: 0, max: 1000 })),
  nextToken: optional(text({ min: 1, max: 3096 })),
};
export const tagMembers = optional(
  list(structure({ key: required(text({ min: 1, max: 128 })), value: required(text({ max: 256 })) })),
);
