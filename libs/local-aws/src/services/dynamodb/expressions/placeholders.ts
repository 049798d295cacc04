import { type AttributeValue, parseAttributeValue } from '../attribute-value.ts';
import { AwsError } from '../../../kernel/aws-error.ts';
import { invalid, notSerializable } from '../refusals.ts';
import { isReservedWord } from './reserved-words.ts';
import { ExpressionProblem, type Path } from './syntax.ts';

/** The names and values that a request defines for its expressions. */
export interface Placeholders {
  /** @throws {ExpressionProblem} for a name that is not defined */
  path(written: Path): Path;
  /** @throws {ExpressionProblem} for a value that is not defined */
  value(placeholder: string): AttributeValue;
  /** @throws {AwsError} ValidationException where one was defined that no expression used */
  refuseUnused(): void;
}

/** @throws {AwsError} ValidationException */
export function readPlaceholders(namesGiven: unknown, valuesGiven: unknown): Placeholders {
  const names = readNames(namesGiven);
  const values = readValues(valuesGiven);
  const unusedNames = new Set(names.keys());
  const unusedValues = new Set(values.keys());
  return {
    path: (written) => written.map((step) => (isNamePlaceholder(step) ? nameOf(step) : step)),
    value(placeholder) {
      const value = values.get(placeholder);
      if (value === undefined) {
        throw new ExpressionProblem(
          `An expression attribute value used in expression is not defined; attribute value: ${placeholder}`,
        );
      }
      unusedValues.delete(placeholder);
      return value;
    },
    refuseUnused() {
      if (unusedNames.size > 0) throw unused('ExpressionAttributeNames', unusedNames);
      if (unusedValues.size > 0) throw unused('ExpressionAttributeValues', unusedValues);
    },
  };

  function nameOf(placeholder: string): string {
    const name = names.get(placeholder);
    if (name === undefined) {
      throw new ExpressionProblem(
        `An expression attribute name used in the document path is not defined; attribute name: ${placeholder}`,
      );
    }
    unusedNames.delete(placeholder);
    return name;
  }
}

const isNamePlaceholder = (step: string | number): step is string => typeof step === 'string' && step.startsWith('#');

/** @throws {ExpressionProblem} for the first reserved word among the names of a path */
export function refuseReservedWords(written: Path): void {
  for (const step of written) {
    if (typeof step === 'string' && isReservedWord(step)) {
      throw new ExpressionProblem(`Attribute name is a reserved keyword; reserved keyword: ${step}`);
    }
  }
}

/** The size of all names or values is bounded by that of the request only; the keys are checked before the values. */
function readNames(given: unknown): ReadonlyMap<string, string> {
  const entries = membersOf('ExpressionAttributeNames', '#', given);
  return new Map(
    entries.map(([key, name]) => {
      if (typeof name === 'string') return [key, name];
      throw notSerializable('Start of structure or map found where not expected');
    }),
  );
}

function readValues(given: unknown): ReadonlyMap<string, AttributeValue> {
  return new Map(
    membersOf('ExpressionAttributeValues', ':', given).map(([key, value]) => {
      try {
        return [key, parseAttributeValue(value)];
      } catch (error) {
        if (!(error instanceof AwsError) || error.code !== 'ValidationException') throw error;
        throw invalid(`ExpressionAttributeValues contains invalid value: ${error.message} for key ${key}`);
      }
    }),
  );
}

function membersOf(member: string, sign: '#' | ':', given: unknown): [string, unknown][] {
  if (given === undefined || given === null) return [];
  if (typeof given !== 'object') throw notSerializable('Unexpected field type');
  const entries = Object.entries(given);
  if (entries.length === 0) throw invalid(`${member} must not be empty`);
  for (const [key] of entries) {
    if (key[0] !== sign || !/^.\w+$/.test(key)) {
      throw invalid(`${member} contains invalid key: Syntax error; key: "${key}"`);
    }
  }
  return entries;
}

const unused = (member: string, keys: ReadonlySet<string>): AwsError =>
  invalid(`Value provided in ${member} unused in expressions: keys: {${[...keys].join(', ')}}`);
