import { isTimestamp } from '../data/timestamp.ts';
import { checkAllowedFields, checkLanguageFields } from './allowed-fields.ts';
import { type Fields, MAX_INTEGER } from './fields.ts';
import { parseChoice } from './parse-choice.ts';
import { dynamic, parseDataFields } from './parse-data-fields.ts';
import { parseHandlers } from './parse-handlers.ts';
import { parseMapState } from './parse-map-state.ts';
import { parseTask } from './parse-task.ts';
import { type Language, readLanguage, type Surroundings } from './surroundings.ts';
import type { DataFields, Dynamic, Flow, State, WaitState } from './state-machine.ts';

/** The longest name of a state, in characters (documented: state machine structure). */
const MAX_NAME = 80;
const TYPES = ['Task', 'Wait', 'Pass', 'Succeed', 'Fail', 'Choice', 'Parallel', 'Map'] as const;
type StateType = (typeof TYPES)[number];
/** The types whose states have a result. */
const WORKING: readonly StateType[] = ['Task', 'Parallel', 'Map'];

interface Common {
  readonly name: string;
  readonly data: DataFields;
}

/** Reads one state. Returns undefined when it is too broken to be represented. */
export function parseState(name: string, fields: Fields, outer: Surroundings): State | undefined {
  checkName(name, fields, outer);
  const language = stateLanguage(fields, outer);
  fields.require('Type');
  const type = fields.oneOf('Type', TYPES);
  if (type === undefined) return undefined;
  checkAllowedFields(fields, type);
  warnOfText(fields, type);
  const data = parseDataFields(fields, language, WORKING.includes(type) ? ['result'] : []);
  return parseType(type, { name, data }, fields, { ...outer, language });
}

function parseType(type: StateType, common: Common, fields: Fields, around: Surroundings): State | undefined {
  const { language } = around;
  switch (type) {
    case 'Task':
      return parseTask({ ...common, ...parseHandlers(fields, language), next: parseNext(fields) }, fields, around);
    case 'Pass': {
      const result = language === 'JSONPath' ? fields.get('Result') : undefined;
      return { type, ...common, next: parseNext(fields), result };
    }
    case 'Wait':
      return parseWait(common, fields, around);
    case 'Choice':
      return parseChoice(common, fields, around);
    case 'Succeed':
      return { type, ...common };
    case 'Fail':
      return { type, ...common, error: text(fields, 'Error', language), cause: text(fields, 'Cause', language) };
    case 'Parallel':
      return parseParallel(common, fields, around);
    case 'Map':
      return parseMapState({ ...common, ...parseHandlers(fields, language), next: parseNext(fields) }, fields, around);
  }
}

function checkName(name: string, fields: Fields, around: Surroundings): void {
  if (name.length > MAX_NAME) {
    fields.fail(`State name exceeds the maximum length of ${MAX_NAME} characters`, undefined, 'INVALID_STATE_NAME');
  }
  if (around.names.has(name)) fields.fail(`Duplicate State name: ${name}`, undefined, 'DUPLICATE_STATE_NAME');
  around.names.add(name);
}

/** A state's QueryLanguage defaults to the machine's, at any depth. In a JSONata machine a state cannot use JSONPath. */
function stateLanguage(fields: Fields, around: Surroundings): Language {
  const language = readLanguage(fields, around.machineLanguage);
  if (around.machineLanguage === 'JSONata' && language === 'JSONPath') {
    fields.fail("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
  } else {
    checkLanguageFields(fields, language);
  }
  return language;
}

/** Reads Next and End, of which a state must have exactly one. Returns undefined for a last state. */
export function parseNext(fields: Fields): string | undefined {
  const end = fields.boolean('End');
  const target = fields.string('Next');
  if (end === false && !fields.has('Next'))
    fields.fail('This object should have only one of the following fields: [Next, End]');
  else if (end !== false) fields.requireOne('Next', 'End');
  return end === true ? undefined : target;
}

const text = (fields: Fields, name: string, language: Language): Dynamic<string> | undefined =>
  dynamic(fields, name, language, (given, field) => given.string(field));

function parseWait(common: Common, fields: Fields, around: Surroundings): WaitState | undefined {
  const wait = { type: 'Wait' as const, ...common, next: parseNext(fields) };
  fields.requireOne('SecondsPath', 'Seconds', 'TimestampPath', 'Timestamp');
  const seconds = dynamic(fields, 'Seconds', around.language, (given, field) => given.integer(field, 0, MAX_INTEGER));
  const timestamp = dynamic(fields, 'Timestamp', around.language, (given, field) => {
    const value = given.string(field);
    if (value !== undefined && !isTimestamp(value)) given.fail('String does not match RFC3339 timestamp', field);
    return value;
  });
  if (seconds) return { ...wait, until: { kind: 'seconds', seconds } };
  return timestamp && { ...wait, until: { kind: 'timestamp', timestamp } };
}

function parseParallel(common: Common, fields: Fields, around: Surroundings): State {
  fields.require('Branches');
  const branches = fields.objects('Branches');
  if (fields.has('Branches') && branches.length === 0) fields.fail('Value cannot be empty', 'Branches');
  const flows = branches.map((branch) => around.parseFlow(branch, { ...around, nested: true }));
  return {
    type: 'Parallel',
    ...common,
    ...parseHandlers(fields, around.language),
    next: parseNext(fields),
    branches: flows.filter((flow): flow is Flow => flow !== undefined),
  };
}

const PATH_LIKE = /^\$(\.|\$|\[|$)|^States\.\w+\(/;

/** Warns about strings that look like paths but are taken literally. */
function warnOfText(fields: Fields, type: StateType): void {
  if (type === 'Pass' && typeof fields.get('Result') === 'string' && PATH_LIKE.test(fields.get('Result') as string)) {
    fields.warn(
      'PASS_RESULT_IS_STATIC',
      'The result of a Pass state is static; a path in it is not evaluated',
      'Result',
    );
  }
  for (const name of ['Parameters', 'ResultSelector', 'ItemSelector']) {
    const template = fields.get(name);
    if (template === null || typeof template !== 'object' || Array.isArray(template)) continue;
    for (const [member, value] of Object.entries(template)) {
      if (member.endsWith('.$') || typeof value !== 'string' || !PATH_LIKE.test(value)) continue;
      fields.warn(
        'NO_DOLLAR',
        `The field '${member}' looks like a JSONPath or an intrinsic function but does not end in '.$'`,
        `${name}/${member}`,
      );
    }
  }
}
