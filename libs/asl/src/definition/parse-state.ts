import { parseCondition } from './parse-condition.ts';
import { dynamic, jsonataTemplate, parseDataFields, path, resultPath, template } from './parse-data-fields.ts';
import { readLanguage } from './parse-definition.ts';
import { parseFlow, type Surroundings } from './parse-flow.ts';
import { parseMapState } from './parse-map-state.ts';
import { parseResource } from './resource.ts';
import type { Fields } from './fields.ts';
import type {
  Catcher,
  ChoiceRule,
  DataFields,
  Dynamic,
  Flow,
  Handlers,
  Retrier,
  State,
  TaskState,
  WaitState,
} from './state-machine.ts';
import { isTimestamp } from '../data/timestamp.ts';

const LONGEST = 99_999_999;
const MAX_NAME = 80;

interface Common {
  readonly name: string;
  readonly data: DataFields;
}

/** @returns undefined when so much is wrong that there is no state */
export function parseState(name: string, fields: Fields, outer: Surroundings): State | undefined {
  checkName(name, fields, outer);
  const language = stateLanguage(fields, outer);
  const around = { ...outer, language };
  const common = { name, data: parseDataFields(fields, language) };
  fields.require('Type');
  const type = fields.string('Type');
  switch (type) {
    case undefined:
      return undefined;
    case 'Task':
      return parseTask(common, fields, around);
    case 'Pass':
      return {
        type,
        ...common,
        next: next(fields),
        result: language === 'JSONPath' ? fields.get('Result') : undefined,
      };
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
      return parseMapState(common, { ...handlers(fields, language), next: next(fields) }, fields, around);
    default:
      fields.fail(
        `Value is not valid. Expected one of: 'Choice', 'Fail', 'Map', 'Parallel', 'Pass', 'Succeed', 'Task', 'Wait'`,
        'Type',
      );
      return undefined;
  }
}

function checkName(name: string, fields: Fields, around: Surroundings): void {
  if (name.length > MAX_NAME) fields.fail(`State name exceeds the maximum length of ${MAX_NAME} characters`);
  if (around.names.has(name)) fields.fail(`Duplicate state name: ${name}`, undefined, 'DUPLICATE_STATE_NAME');
  around.names.add(name);
}

function stateLanguage(fields: Fields, around: Surroundings): 'JSONPath' | 'JSONata' {
  const language = readLanguage(fields) ?? around.machineLanguage;
  if (around.machineLanguage === 'JSONata' && language === 'JSONPath') {
    fields.fail("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", 'QueryLanguage');
  }
  return language;
}

/** Every state that goes on says where, or that it is the last. */
function next(fields: Fields): string | undefined {
  const target = fields.string('Next');
  const end = fields.boolean('End');
  if (target === undefined && end !== true) fields.fail(`The field 'Next' or 'End' is required but was missing`);
  if (target !== undefined && end === true) fields.fail(`You cannot specify both 'Next' and 'End'`);
  return end === true ? undefined : target;
}

const text = (fields: Fields, name: string, language: 'JSONPath' | 'JSONata'): Dynamic<string> | undefined =>
  dynamic(fields, name, language, (given, field) => given.string(field));

const seconds = (
  fields: Fields,
  name: string,
  language: 'JSONPath' | 'JSONata',
  least: number,
): Dynamic<number> | undefined =>
  dynamic(fields, name, language, (given, field) => given.integer(field, least, LONGEST));

function parseTask(common: Common, fields: Fields, around: Surroundings): TaskState | undefined {
  fields.require('Resource');
  const arn = fields.string('Resource');
  const parsed = arn === undefined ? undefined : parseResource(arn);
  if (arn !== undefined && !parsed) fields.fail('Value is not a valid resource ARN', 'Resource');
  if (parsed && around.express) checkExpress(parsed.resource, fields);
  const credentials = fields.object('Credentials');
  if (credentials && !credentials.has('RoleArn') && !credentials.has('RoleArn.$')) credentials.require('RoleArn');
  const timeoutSeconds = seconds(fields, 'TimeoutSeconds', around.language, 1);
  const heartbeatSeconds = seconds(fields, 'HeartbeatSeconds', around.language, 1);
  checkHeartbeat(fields, timeoutSeconds, heartbeatSeconds);
  const rest = { ...handlers(fields, around.language), next: next(fields), timeoutSeconds, heartbeatSeconds };
  if (!parsed) return undefined;
  return {
    type: 'Task',
    ...common,
    ...rest,
    resource: parsed.resource,
    resourceText: parsed.text,
    credentials: template(fields, 'Credentials', around.language),
  };
}

function checkExpress(resource: TaskState['resource'], fields: Fields): void {
  if (resource.kind === 'activity') fields.fail('Express state machine does not support Activity ARN', 'Resource');
  if (resource.kind !== 'integration') return;
  // The second blank is AWS's own.
  if (resource.pattern === 'waitForTaskToken') {
    fields.fail(`Express state machine does not support '.waitForTaskToken' service integration `, 'Resource');
  } else if (resource.pattern !== 'requestResponse') {
    fields.fail(`Express state machine does not support '.${resource.pattern}' service integration`, 'Resource');
  }
}

function checkHeartbeat(
  fields: Fields,
  timeout: Dynamic<number> | undefined,
  heartbeat: Dynamic<number> | undefined,
): void {
  if (timeout?.kind !== 'constant' || heartbeat?.kind !== 'constant' || heartbeat.value < timeout.value) return;
  fields.fail('Heartbeat interval must be smaller than timeout interval', 'HeartbeatSeconds');
}

function parseWait(common: Common, fields: Fields, around: Surroundings): WaitState | undefined {
  const wait = { type: 'Wait' as const, ...common, next: next(fields) };
  const duration = seconds(fields, 'Seconds', around.language, 0);
  const timestamp = dynamic(fields, 'Timestamp', around.language, (given, field) => {
    const value = given.string(field);
    if (value !== undefined && !isTimestamp(value)) given.fail('String does not match RFC3339 timestamp', field);
    return value;
  });
  const given = ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'].filter((field) => fields.has(field));
  if (given.length !== 1) {
    fields.fail(`Exactly one of the fields 'Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath' is required`);
  }
  if (duration) return { ...wait, until: { kind: 'seconds', seconds: duration } };
  return timestamp && { ...wait, until: { kind: 'timestamp', timestamp } };
}

function parseChoice(common: Common, fields: Fields, around: Surroundings): State {
  fields.require('Choices');
  const rules = fields.objects('Choices').flatMap((rule): ChoiceRule[] => {
    rule.require('Next');
    const condition = parseCondition(rule, around.language);
    const target = rule.string('Next');
    if (!condition || target === undefined) return [];
    const output = around.language === 'JSONata' ? jsonataTemplate(rule, 'Output') : undefined;
    return [{ condition, next: target, output, assign: template(rule, 'Assign', around.language) }];
  });
  return { type: 'Choice', ...common, rules, otherwise: fields.string('Default') };
}

function parseParallel(common: Common, fields: Fields, around: Surroundings): State {
  fields.require('Branches');
  const branches = fields.objects('Branches').map((branch) => parseFlow(branch, around));
  return {
    type: 'Parallel',
    ...common,
    ...handlers(fields, around.language),
    next: next(fields),
    branches: branches.filter((branch): branch is Flow => branch !== undefined),
  };
}

export function handlers(fields: Fields, language: 'JSONPath' | 'JSONata'): Handlers {
  return {
    retry: fields.objects('Retry').map(parseRetrier),
    catch: fields.objects('Catch').flatMap((each) => parseCatcher(each, language)),
  };
}

function parseRetrier(fields: Fields): Retrier {
  return {
    errorEquals: errorEquals(fields),
    intervalSeconds: fields.integer('IntervalSeconds', 1, LONGEST) ?? 1,
    maxAttempts: fields.integer('MaxAttempts', 0, LONGEST) ?? 3,
    backoffRate: fields.number('BackoffRate', 1) ?? 2,
    maxDelaySeconds: fields.integer('MaxDelaySeconds', 1, 31_622_400),
    jitter: fields.string('JitterStrategy') === 'FULL',
  };
}

function parseCatcher(fields: Fields, language: 'JSONPath' | 'JSONata'): Catcher[] {
  fields.require('Next');
  const target = fields.string('Next');
  const catcher = {
    errorEquals: errorEquals(fields),
    resultPath: language === 'JSONPath' ? resultPath(fields) : [],
    output: language === 'JSONata' ? jsonataTemplate(fields, 'Output') : undefined,
    assign: template(fields, 'Assign', language),
  };
  return target === undefined ? [] : [{ ...catcher, next: target }];
}

function errorEquals(fields: Fields): readonly string[] {
  fields.require('ErrorEquals');
  const names = fields.strings('ErrorEquals') ?? [];
  if (names.includes('States.ALL') && names.length > 1) {
    fields.fail(`'States.ALL' must appear alone`, 'ErrorEquals');
  }
  return names;
}

export { path };
