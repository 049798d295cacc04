/**
 * Reads the members of a request. A shape says what each member must be; what comes out is typed and trusted, and members that
 * the shape does not name are dropped, as AWS drops them. How a bad member is refused is the dialect's: each family of AWS's
 * services has its own codes and words.
 */
import type { AwsError } from '../kernel/aws-error.ts';
import type { Json, JsonObject } from '../kernel/service.ts';

export type TypeName = 'String' | 'Number' | 'Boolean' | 'Blob' | 'List' | 'Map' | 'Structure';

/** What a member must satisfy. */
export type Rule =
  | { readonly kind: 'required' }
  | { readonly kind: 'minLength' | 'maxLength' | 'minValue' | 'maxValue'; readonly limit: number }
  | { readonly kind: 'pattern'; readonly pattern: string }
  | { readonly kind: 'oneOf'; readonly values: readonly string[] };

export interface Violation {
  /** E.g. `Entries.1.member.Id`. */
  readonly path: string;
  readonly value: unknown;
  readonly rule: Rule;
  /** The value is a secret or a payload, which a refusal does not repeat. */
  readonly sensitive: boolean;
  /** The service's own words for this member, where it has some. */
  readonly says?: string | undefined;
}

/** The words in which a family of services refuses. `dialects.ts` has them. */
export interface Dialect {
  /** The query protocol has no types: numbers and booleans come as text. */
  readonly untyped?: boolean;
  /** A member of the wrong JSON type; it is refused at once. */
  wrongType(path: string, value: unknown, wanted: TypeName): AwsError;
  /** All violations of a request, at least one. */
  refuse(violations: readonly Violation[]): AwsError;
}

interface Reading {
  readonly dialect: Dialect;
  readonly violations: Violation[];
}

/** Reads one value: it is returned, noted as a violation, or refused at once. */
export type Check<T> = (value: unknown, path: string, reading: Reading) => T;

/** What the members of a structure must be, by their names. */
export type Shape = Readonly<Record<string, Check<unknown>>>;
export type Members<S extends Shape> = { readonly [K in keyof S]: ReturnType<S[K]> };

/** @throws {AwsError} in the dialect's words */
export function read<S extends Shape>(dialect: Dialect, shape: S, input: JsonObject): Members<S> {
  const reading: Reading = { dialect, violations: [] };
  const members = readMembers(input, shape, '', reading);
  if (reading.violations.length > 0) throw dialect.refuse(reading.violations);
  return members;
}

function readMembers<S extends Shape>(input: JsonObject, shape: S, prefix: string, reading: Reading): Members<S> {
  const members: Record<string, unknown> = {};
  for (const name in shape) members[name] = shape[name]?.(input[name], prefix + name, reading);
  return members as Members<S>;
}

interface Limits {
  readonly min?: number;
  readonly max?: number;
  /** The service's own words for a value outside the limits. */
  readonly says?: string;
}

interface TextLimits extends Limits {
  readonly pattern?: RegExp;
  /** The refusal's spelling of the pattern, where AWS's differs. */
  readonly patternText?: string;
  /** The value is a secret or a payload: a refusal does not repeat it, and its length counts in bytes. */
  readonly sensitive?: boolean;
}

export const required =
  <T>(check: Check<T>): Check<T> =>
  (value, path, reading) => {
    if (value !== undefined && value !== null) return check(value, path, reading);
    reading.violations.push({ path, value, rule: { kind: 'required' }, sensitive: false });
    return undefined as T;
  };

/** null is as good as missing. */
export const optional =
  <T>(check: Check<T>): Check<T | undefined> =>
  (value, path, reading) =>
    value === undefined || value === null ? undefined : check(value, path, reading);

export const withDefault =
  <T>(check: Check<T>, otherwise: T): Check<T> =>
  (value, path, reading) =>
    value === undefined || value === null ? otherwise : check(value, path, reading);

export const text = (limits: TextLimits = {}): Check<string> => {
  const { min, max, pattern, patternText, sensitive = false, says } = limits;
  // Anchored, so that an alternative that matches a part does not hide one that matches the whole.
  const whole = pattern && new RegExp(`^(?:${pattern.source})$`, pattern.flags);
  return (value, path, reading) => {
    if (typeof value !== 'string') throw reading.dialect.wrongType(path, value, 'String');
    const length = sensitive ? Buffer.byteLength(value) : value.length;
    const fail = (rule: Rule): unknown => reading.violations.push({ path, value, rule, sensitive, says });
    if (min !== undefined && length < min) fail({ kind: 'minLength', limit: min });
    if (max !== undefined && length > max) fail({ kind: 'maxLength', limit: max });
    if (pattern && !whole?.test(value)) fail({ kind: 'pattern', pattern: patternText ?? pattern.source });
    return value;
  };
};

export const oneOf =
  <const T extends string>(values: readonly T[], says?: string): Check<T> =>
  (value, path, reading) => {
    if (typeof value !== 'string') throw reading.dialect.wrongType(path, value, 'String');
    const found = values.find((known) => known === value);
    if (found === undefined) {
      reading.violations.push({ path, value, rule: { kind: 'oneOf', values }, sensitive: false, says });
    }
    return found as T;
  };

/** With `whole`, a fraction is refused as a number of the wrong type is. */
const numeric =
  (whole: boolean) =>
  (limits: Limits = {}): Check<number> =>
  (value, path, { dialect, violations }) => {
    const number = dialect.untyped && typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number !== 'number' || Number.isNaN(number) || (whole && !Number.isInteger(number))) {
      throw dialect.wrongType(path, value, 'Number');
    }
    const { min, max, says } = limits;
    const fail = (rule: Rule): unknown => violations.push({ path, value: number, rule, sensitive: false, says });
    if (min !== undefined && number < min) fail({ kind: 'minValue', limit: min });
    if (max !== undefined && number > max) fail({ kind: 'maxValue', limit: max });
    return number;
  };

export const integer = numeric(true);
export const number = numeric(false);

export const flag: Check<boolean> = (value, path, { dialect }) => {
  const given = dialect.untyped ? ({ true: true, false: false }[String(value)] ?? value) : value;
  if (typeof given !== 'boolean') throw dialect.wrongType(path, value, 'Boolean');
  return given;
};

/** Bytes: base64 in JSON, as they are in this process. */
export const blob =
  ({ min, max, says }: Limits = {}): Check<Uint8Array> =>
  (value, path, { dialect, violations }) => {
    const bytes = typeof value === 'string' ? Buffer.from(value, 'base64') : value;
    if (!(bytes instanceof Uint8Array)) throw dialect.wrongType(path, value, 'Blob');
    const fail = (rule: Rule): unknown => violations.push({ path, value, rule, sensitive: true, says });
    if (min !== undefined && bytes.length < min) fail({ kind: 'minLength', limit: min });
    if (max !== undefined && bytes.length > max) fail({ kind: 'maxLength', limit: max });
    return bytes;
  };

/** A member that stands in the query string of a REST request: numbers and booleans come as text there. */
export const inQuery =
  <T>(check: Check<T>): Check<T> =>
  (value, path, { dialect, violations }) =>
    check(value, path, { dialect: { ...dialect, untyped: true }, violations });

export const structure =
  <S extends Shape>(shape: S): Check<Members<S>> =>
  (value, path, reading) =>
    readMembers(object(value, path, reading, 'Structure'), shape, `${path}.`, reading);

export const list =
  <T>(item: Check<T>, { min, max, says }: Limits = {}): Check<readonly T[]> =>
  (given, path, reading) => {
    // The query protocol has no other way to send an empty list.
    const value = reading.dialect.untyped && given === '' ? [] : given;
    if (!Array.isArray(value)) throw reading.dialect.wrongType(path, value, 'List');
    const fail = (rule: Rule): unknown => reading.violations.push({ path, value, rule, sensitive: false, says });
    if (min !== undefined && value.length < min) fail({ kind: 'minLength', limit: min });
    if (max !== undefined && value.length > max) fail({ kind: 'maxLength', limit: max });
    return value.map((element, index) => required(item)(element, `${path}.${index + 1}.member`, reading));
  };

export const mapOf =
  <T>(item: Check<T>): Check<Readonly<Record<string, T>>> =>
  (value, path, reading) => {
    const entries = Object.entries(object(value, path, reading, 'Map'));
    return Object.fromEntries(
      entries.map(([key, member]) => [key, required(item)(member, `${path}.${key}.member`, reading)]),
    );
  };

/** A structure that is kept and given back as it came. */
export const opaque: Check<JsonObject> = (value, path, reading) => object(value, path, reading, 'Structure');

/** Any JSON. */
export const json: Check<Json> = (value) => value as Json;

function object(value: unknown, path: string, { dialect }: Reading, wanted: TypeName): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw dialect.wrongType(path, value, wanted);
  return value as JsonObject;
}
