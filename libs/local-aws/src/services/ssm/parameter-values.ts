import { AwsError } from '../../kernel/aws-error.ts';
import type { Json } from '../../kernel/service.ts';
import { list, mapOf, text, withDefault } from '../../kit/reader.ts';
import type { DocumentContent, DocumentParameter } from './document-content.ts';

/** `Parameters` of a request: every value is a list, of a String parameter too. */
export const parameterLists = withDefault(mapOf(list(text())), {});
export type ParameterLists = ReturnType<typeof parameterLists>;
/** What a document is run with: a list for StringList, JSON for maps, text for the rest. */
export type ParameterValues = Readonly<Record<string, Json>>;

const invalid = (message: string): AwsError => new AwsError('InvalidParameters', message);

/**
 * Returns the value of each of the document's parameters, from what was given and the defaults.
 * @throws {AwsError} InvalidParameters for one that is unknown, missing, or not allowed
 */
export function resolveParameters(document: DocumentContent, lists: ParameterLists): ParameterValues {
  for (const name of Object.keys(lists)) {
    if (!Object.hasOwn(document.parameters, name)) {
      throw invalid(`Parameter "${name}" is undefined in the document.`);
    }
  }
  return Object.fromEntries(
    Object.entries(document.parameters).map(([name, parameter]) => {
      const given = lists[name];
      const value = given === undefined ? parameter.default : read(name, parameter, given);
      if (value === undefined) throw invalid(`Parameter "${name}" must have a value: it has no default.`);
      check(name, parameter, value);
      return [name, value];
    }),
  );
}

function read(name: string, { type }: DocumentParameter, given: readonly string[]): Json {
  if (type === 'StringList') return [...given];
  const [value, ...more] = given;
  if (value === undefined || more.length > 0) {
    throw invalid(`Parameter "${name}" is of type ${type} and takes one value; it got ${given.length}.`);
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
  for (const item of items.map(asText)) {
    if (item.length < minChars || item.length > maxChars) {
      throw invalid(`Parameter "${name}" has ${item.length} characters; allowed are ${minChars} to ${maxChars}.`);
    }
    if (allowedPattern !== undefined && !new RegExp(allowedPattern).test(item)) {
      throw invalid(
        `Parameter "${name}" has the value "${item}", which does not match the allowedPattern ${allowedPattern}.`,
      );
    }
    if (allowedValues !== undefined && !allowedValues.map(asText).includes(item)) {
      throw invalid(
        `Parameter "${name}" has the value "${item}", which is not in the allowedValues ${allowedValues.map(asText).join(', ')}.`,
      );
    }
  }
}

const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
