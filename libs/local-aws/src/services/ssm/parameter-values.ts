import { AwsError } from '../../kernel/aws-error.ts';
import type { Json } from '../../kernel/service.ts';
import type { DocumentContent, DocumentParameter } from './document-content.ts';

/** As the API has them: every value is a list, of a String parameter too. */
export type ParameterLists = Readonly<Record<string, readonly string[]>>;
/** What a document is run with: a list for StringList, JSON for maps, text for the rest. */
export type ParameterValues = Readonly<Record<string, Json>>;

const invalid = (message: string): AwsError => new AwsError('InvalidParameters', message);

/**
 * What each of the document's parameters is, from what was given and the defaults.
 * @throws {AwsError} InvalidParameters for one that is unknown, missing, or not allowed
 */
export function resolveParameters(document: DocumentContent, given: unknown): ParameterValues {
  const lists = parseLists(given);
  for (const name of Object.keys(lists)) {
    if (!Object.hasOwn(document.parameters, name)) {
      throw invalid(`Parameter "${name}" is undefined in the document.`);
    }
  }
  return Object.fromEntries(
    Object.entries(document.parameters).map(([name, parameter]) => {
      const list = lists[name];
      const value = list === undefined ? parameter.default : read(name, parameter, list);
      if (value === undefined) throw invalid(`Parameter "${name}" must have a value: it has no default.`);
      check(name, parameter, value);
      return [name, value];
    }),
  );
}

/** @throws {AwsError} InvalidParameters unless it is a map of lists of strings */
export function parseLists(given: unknown): ParameterLists {
  for (const [name, list] of Object.entries((given ?? {}) as Record<string, unknown>)) {
    if (!Array.isArray(list) || !list.every((item) => typeof item === 'string')) {
      throw invalid(`Parameter "${name}" must be a list of strings.`);
    }
  }
  return (given ?? {}) as ParameterLists;
}

function read(name: string, { type }: DocumentParameter, list: readonly string[]): Json {
  if (type === 'StringList') return [...list];
  const [value, ...more] = list;
  if (value === undefined || more.length > 0) {
    throw invalid(`Parameter "${name}" is of type ${type} and takes one value; it got ${list.length}.`);
  }
  if (type === 'MapList' || type === 'StringMap') return readJson(name, type, value);
  if (type === 'Integer' && !/^-?\d+$/.test(value)) throw invalid(`Parameter "${name}" must be an Integer.`);
  if (type === 'Boolean' && !/^(true|false)$/i.test(value)) throw invalid(`Parameter "${name}" must be a Boolean.`);
  return value;
}

function readJson(name: string, type: string, value: string): Json {
  try {
    return JSON.parse(value) as Json;
  } catch {
    throw invalid(`Parameter "${name}" is of type ${type} and must be JSON.`);
  }
}

function check(name: string, parameter: DocumentParameter, value: Json): void {
  const { allowedPattern, allowedValues, minChars = 0, maxChars = Infinity } = parameter;
  const { minItems = 0, maxItems = Infinity } = parameter;
  const items = Array.isArray(value) ? value : [value];
  if (Array.isArray(value) && (value.length < minItems || value.length > maxItems)) {
    throw invalid(`Parameter "${name}" has ${value.length} items; allowed are ${minItems} to ${maxItems}.`);
  }
  for (const item of items.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)))) {
    if (item.length < minChars || item.length > maxChars) {
      throw invalid(`Parameter "${name}" has ${item.length} characters; allowed are ${minChars} to ${maxChars}.`);
    }
    if (allowedPattern !== undefined && !new RegExp(allowedPattern).test(item)) {
      throw invalid(
        `Parameter "${name}" has the value "${item}", which does not match the allowedPattern ${allowedPattern}.`,
      );
    }
    if (allowedValues !== undefined && !allowedValues.includes(item)) {
      throw invalid(
        `Parameter "${name}" has the value "${item}", which is not in the allowedValues ${allowedValues.join(', ')}.`,
      );
    }
  }
}
