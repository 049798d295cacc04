import { AwsError } from '../../kernel/aws-error.ts';
import type { Json, JsonObject } from '../../kernel/service.ts';
import {
  integer,
  json,
  list,
  mapOf,
  oneOf,
  optional,
  read,
  required,
  structure,
  text,
  withDefault,
  type Check,
  type Dialect,
  type Members,
} from '../../kit/reader.ts';

const MAX_BYTES = 65_536;
const SCHEMA_VERSIONS = ['2.0', '2.2'];
/** `{{ name }}` with whatever space inside; names with a colon (`ssm:`, `global:`) belong to AWS. */
export const REFERENCE = /\{\{\s*([A-Za-z0-9_:.-]+)\s*\}\}/g;
const NAME = /[A-Za-z0-9_-]+/;

const invalid = (message: string): AwsError => new AwsError('InvalidDocumentContent', message);

/** A reader's path as it stands in the document: `mainSteps[0].name` for `mainSteps.1.member.name`. */
const place = (path: string): string =>
  path.replace(/\.(\d+)\.member/g, (_, number) => `[${Number(number) - 1}]`).replaceAll('.member', '');

/** How a document's content is refused. */
const dialect: Dialect = {
  wrongType: (path, _value, wanted) => invalid(`${place(path)} must be a ${wanted}.`),
  refuse([violation]) {
    if (violation === undefined || violation.rule.kind === 'required') {
      return invalid(`${place(violation?.path ?? '')} is missing.`);
    }
    const { path, value, rule, says = 'is not allowed' } = violation;
    const known = rule.kind === 'oneOf' ? `; there are ${rule.values.join(', ')}` : '';
    return invalid(`${place(path)} ${says}: ${JSON.stringify(value)}${known}.`);
  },
};

const schemaVersion: Check<string> = (value, path, reading) => {
  const version = text()(value, path, reading);
  if (SCHEMA_VERSIONS.includes(version)) return version;
  const known = SCHEMA_VERSIONS.join(', ');
  throw new AwsError('InvalidDocumentSchemaVersion', `Schema ${version} is not supported here; there are ${known}.`);
};

const regularExpression: Check<string> = (value, path, reading) => {
  const pattern = text()(value, path, reading);
  try {
    new RegExp(pattern);
    return pattern;
  } catch (cause) {
    throw invalid(`${place(path)} is not a regular expression: ${String(cause)}`);
  }
};

/** A list of lines, or one text. */
const scriptLines: Check<Json> = (value, path, reading) =>
  typeof value === 'string' ? value : [...list(text())(value, path, reading)];

const parameterShape = {
  type: required(oneOf(['String', 'StringList', 'Boolean', 'Integer', 'MapList', 'StringMap'])),
  description: optional(text()),
  default: optional(json),
  allowedValues: optional(list(json)),
  allowedPattern: optional(regularExpression),
  minChars: optional(integer()),
  maxChars: optional(integer()),
  minItems: optional(integer()),
  maxItems: optional(integer()),
  /** ENV_VAR: the value reaches the script as the environment variable SSM_name, never as text of the script. */
  interpolationType: optional(oneOf(['ENV_VAR'])),
};

const inputsShape = {
  runCommand: optional(scriptLines),
  workingDirectory: optional(json),
  timeoutSeconds: optional(json),
  sourceType: optional(oneOf(['S3'])),
  /** JSON: `{"path": "https://s3.REGION.amazonaws.com/BUCKET/KEY"}`. */
  sourceInfo: optional(text()),
  destinationPath: optional(text()),
};

/** The inputs without which an action cannot act. */
const NEEDED = {
  'aws:runShellScript': ['runCommand'],
  'aws:downloadContent': ['sourceType', 'sourceInfo'],
} as const;

const stepShape = {
  action: required(oneOf(['aws:runShellScript', 'aws:downloadContent'])),
  name: required(text({ pattern: NAME, says: 'needs letters, digits, _ and -' })),
  /** Where the step applies: `["platformType", "Linux"]`. */
  precondition: optional(structure({ StringEquals: required(list(text(), { min: 2, max: 2 })) })),
  inputs: required(structure(inputsShape)),
  /** Whether a failure of this step ends the document; without it the next step runs all the same. */
  onFailure: optional(oneOf(['exit', 'successAndExit'])),
};

const contentShape = {
  schemaVersion: required(schemaVersion),
  description: optional(text()),
  parameters: withDefault(mapOf(structure(parameterShape)), {}),
  mainSteps: required(list(structure(stepShape), { min: 1, says: 'must have a step' })),
};

/** What may be left out of a structure, may also be left out where one is written by hand. */
type Loose<M, Required extends keyof M> = Partial<M> & Pick<M, Required>;
type Inputs = Partial<Members<typeof inputsShape>>;

export type DocumentParameter = Loose<Members<typeof parameterShape>, 'type'>;
export type DocumentStep = Loose<Omit<Members<typeof stepShape>, 'inputs'>, 'action' | 'name'> & {
  readonly inputs: Inputs;
};
export interface DocumentContent {
  readonly schemaVersion: string;
  readonly description?: string | undefined;
  readonly parameters: Readonly<Record<string, DocumentParameter>>;
  readonly mainSteps: readonly DocumentStep[];
}

/**
 * Reads the text of a Command document, schema 2.2 (or 2.0), with runShellScript and downloadContent steps.
 * @throws {AwsError} InvalidDocumentContent, InvalidDocumentSchemaVersion, MaxDocumentSizeExceeded
 */
export function parseDocumentContent(source: string): DocumentContent {
  if (Buffer.byteLength(source) > MAX_BYTES) {
    throw new AwsError('MaxDocumentSizeExceeded', `The document is larger than ${MAX_BYTES} bytes.`);
  }
  const content = read(dialect, contentShape, parseObject(source));
  for (const [name, parameter] of Object.entries(content.parameters)) checkParameter(name, parameter);
  refuseMissingInputs(content.mainSteps);
  refuseRepeatedNames(content.mainSteps);
  refuseUnknownReferences(content);
  return content;
}

function parseObject(source: string): JsonObject {
  let content: unknown;
  try {
    content = JSON.parse(source);
  } catch (cause) {
    throw invalid(`The document is not JSON: ${String(cause)}`);
  }
  if (isObject(content)) return content;
  throw invalid('The document must be an object.');
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function checkParameter(name: string, { type, interpolationType }: DocumentParameter): void {
  if (NAME.exec(name)?.[0] !== name) {
    throw invalid(`Parameter name ${name} may have letters, digits, _ and - only.`);
  }
  if (interpolationType === undefined) return;
  if (type !== 'String') throw invalid(`Parameter ${name}: interpolationType needs the type String.`);
  if (name.includes('-')) throw invalid(`Parameter ${name}: the name cannot be an environment variable's.`);
}

function refuseMissingInputs(steps: readonly DocumentStep[]): void {
  steps.forEach(({ action, inputs }, index) => {
    const missing = NEEDED[action].find((name) => inputs[name] === undefined);
    if (missing !== undefined) throw invalid(`mainSteps[${index}].inputs.${missing} is missing.`);
  });
}

function refuseRepeatedNames(steps: readonly DocumentStep[]): void {
  const names = steps.map((step) => step.name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw invalid(`Two steps are called ${repeated}.`);
}

function refuseUnknownReferences({ mainSteps, parameters }: DocumentContent): void {
  for (const [, name = ''] of JSON.stringify(mainSteps).matchAll(REFERENCE)) {
    if (!Object.hasOwn(parameters, name)) throw invalid(`The steps use the parameter ${name}, which is not declared.`);
  }
}
