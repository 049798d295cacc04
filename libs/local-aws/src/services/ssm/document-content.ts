import { AwsError } from '../../kernel/aws-error.ts';
import type { Json } from '../../kernel/service.ts';

export interface DocumentParameter {
  readonly type: 'String' | 'StringList' | 'Boolean' | 'Integer' | 'MapList' | 'StringMap';
  readonly description?: string;
  readonly default?: Json;
  readonly allowedValues?: readonly string[];
  readonly allowedPattern?: string;
  readonly minChars?: number;
  readonly maxChars?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  /** ENV_VAR: the value reaches the script as the environment variable SSM_name, never as text of the script. */
  readonly interpolationType?: 'ENV_VAR';
}

export interface DocumentStep {
  readonly action: 'aws:runShellScript';
  readonly name: string;
  readonly inputs: {
    readonly runCommand: Json;
    readonly workingDirectory?: Json;
    readonly timeoutSeconds?: Json;
  };
  /** Whether a failure of this step ends the document; without it the next step runs all the same. */
  readonly onFailure?: 'exit' | 'successAndExit';
}

export interface DocumentContent {
  readonly schemaVersion: '2.0' | '2.2';
  readonly description?: string;
  readonly parameters: Readonly<Record<string, DocumentParameter>>;
  readonly mainSteps: readonly DocumentStep[];
}

const LARGEST = 65_536;
const SCHEMA_VERSIONS = ['2.0', '2.2'];
const PARAMETER_TYPES = ['String', 'StringList', 'Boolean', 'Integer', 'MapList', 'StringMap'];
/** `{{ name }}` with whatever space inside; names with a colon (`ssm:`, `global:`) belong to AWS. */
export const REFERENCE = /\{\{\s*([A-Za-z0-9_:.-]+)\s*\}\}/g;

const invalid = (message: string): AwsError => new AwsError('InvalidDocumentContent', message);

/**
 * The text of a Command document, schema 2.2 (or 2.0), with runShellScript steps.
 * @throws {AwsError} InvalidDocumentContent, InvalidDocumentSchemaVersion, MaxDocumentSizeExceeded
 */
export function parseDocumentContent(text: string): DocumentContent {
  if (Buffer.byteLength(text) > LARGEST) {
    throw new AwsError('MaxDocumentSizeExceeded', `The document is larger than ${LARGEST} bytes.`);
  }
  const content = object(parseJson(text), 'The document');
  const { schemaVersion, description } = content;
  if (typeof schemaVersion !== 'string') throw invalid('The document has no schemaVersion.');
  if (!SCHEMA_VERSIONS.includes(schemaVersion)) {
    const known = SCHEMA_VERSIONS.join(', ');
    throw new AwsError('InvalidDocumentSchemaVersion', `Schema ${schemaVersion} is not here; there are ${known}.`);
  }
  const parameters = Object.entries(object(content['parameters'] ?? {}, 'parameters')).map(
    ([name, parameter]) => [name, parseParameter(name, parameter)] as const,
  );
  const steps = content['mainSteps'];
  if (!Array.isArray(steps) || steps.length === 0) throw invalid('The document has no mainSteps.');
  const parsed: DocumentContent = {
    schemaVersion: schemaVersion as DocumentContent['schemaVersion'],
    ...(typeof description === 'string' && { description }),
    parameters: Object.fromEntries(parameters),
    mainSteps: steps.map(parseStep),
  };
  refuseRepeatedNames(parsed.mainSteps);
  refuseUnknownReferences(parsed);
  return parsed;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(`The document is not JSON: ${(cause as Error).message}`);
  }
}

function object(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalid(`${what} must be an object.`);
}

function parseParameter(name: string, value: unknown): DocumentParameter {
  const parameter = object(value, `Parameter ${name}`) as Partial<DocumentParameter>;
  const { type, allowedPattern, allowedValues, interpolationType } = parameter;
  if (!/^[A-Za-z0-9_-]+$/.test(name)) throw invalid(`Parameter name ${name} may have letters, digits, _ and - only.`);
  if (type === undefined || !PARAMETER_TYPES.includes(type)) {
    throw invalid(`Parameter ${name} needs a type, one of ${PARAMETER_TYPES.join(', ')}.`);
  }
  if (allowedPattern !== undefined) compile(name, allowedPattern);
  if (allowedValues !== undefined && !Array.isArray(allowedValues)) {
    throw invalid(`Parameter ${name}: allowedValues must be a list.`);
  }
  if (interpolationType !== undefined) {
    if (interpolationType !== 'ENV_VAR') throw invalid(`Parameter ${name}: interpolationType can be ENV_VAR only.`);
    if (type !== 'String') throw invalid(`Parameter ${name}: interpolationType needs the type String.`);
    if (name.includes('-')) throw invalid(`Parameter ${name}: the name cannot be an environment variable's.`);
  }
  return parameter as DocumentParameter;
}

function compile(name: string, pattern: string): void {
  try {
    new RegExp(pattern);
  } catch (cause) {
    throw invalid(`Parameter ${name}: allowedPattern is no regular expression: ${(cause as Error).message}`);
  }
}

function parseStep(value: unknown, index: number): DocumentStep {
  const step = object(value, `mainSteps[${index}]`);
  const { action, name, onFailure } = step;
  if (typeof name !== 'string' || !/^[A-Za-z0-9_-]+$/.test(name)) {
    throw invalid(`mainSteps[${index}] needs a name of letters, digits, _ and -.`);
  }
  if (action !== 'aws:runShellScript') {
    throw invalid(`Step ${name}: the action ${String(action)} is not here; local hosts run aws:runShellScript.`);
  }
  if (onFailure !== undefined && onFailure !== 'exit' && onFailure !== 'successAndExit') {
    throw invalid(`Step ${name}: onFailure can be exit or successAndExit.`);
  }
  const inputs = object(step['inputs'], `Step ${name}: inputs`);
  const { runCommand } = inputs;
  if (typeof runCommand !== 'string' && !isStrings(runCommand)) {
    throw invalid(`Step ${name}: runCommand must be a list of lines.`);
  }
  return step as unknown as DocumentStep;
}

const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

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
