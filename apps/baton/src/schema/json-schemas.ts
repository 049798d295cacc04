/**
 * The JSON Schemas of what authors write, made from the schemas that the product reads with: `work`, local.json, and definitions in Amazon States
 * Language with states that hand work to Baton. `npm run docs:schemas` writes them into apps/baton/schemas.
 */
import { Needs } from '@baton/local-platform/needs';
import { Work } from '@baton/token-lib';
import * as z from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

interface ObjectSchema {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
}

/** Of the work that is handed to the dispatcher, as it is when its state runs. */
export const workSchema: JsonSchema = {
  title: 'Work for Baton',
  ...z.toJSONSchema(Work, { io: 'input', unrepresentable: 'any' }),
};

/** Of local.json: what a workflow has beside the platform. */
export const localSchema: JsonSchema = {
  title: 'local.json of a workflow that Baton runs',
  ...z.toJSONSchema(Needs, { io: 'input', unrepresentable: 'any' }),
};

/** What stands for a value that is known when the state runs, or when the definition is deployed. */
const EXPRESSION: JsonSchema = { type: 'string', pattern: '^\\{%|\\$\\{' };

/** Work as a definition has it: a member `x` may be `x.$`, a JSONata expression or a placeholder of a template. */
function inDefinition({ properties, required }: ObjectSchema): JsonSchema {
  const members = Object.entries(properties).flatMap(([name, schema]): [string, JsonSchema][] => {
    if (name === 'kind') return [[name, schema]];
    return [
      [name, { anyOf: [schema, EXPRESSION] }],
      [`${name}.$`, { type: 'string' }],
    ];
  });
  return {
    type: 'object',
    properties: Object.fromEntries(members),
    additionalProperties: false,
    required: ['kind'],
    allOf: required
      .filter((name) => name !== 'kind')
      .map((name) => ({ anyOf: [{ required: [name] }, { required: [`${name}.$`] }] })),
  };
}

const CONTEXT: JsonSchema = {
  type: 'object',
  description: 'Where the token comes from. Without it a retry could not be told from a new piece of work.',
  allOf: ['executionArn', 'state', 'enteredTime', 'retryCount'].map((name) => ({
    anyOf: [{ required: [name] }, { required: [`${name}.$`] }],
  })),
};

const kinds = (workSchema as { readonly oneOf?: readonly ObjectSchema[] }).oneOf ?? [];

const PAYLOAD: JsonSchema = {
  type: 'object',
  properties: { context: CONTEXT, work: { oneOf: kinds.map(inDefinition) } },
  anyOf: [{ required: ['taskToken'] }, { required: ['taskToken.$'] }],
  required: ['context'],
};

const handed: JsonSchema = {
  properties: { Payload: { if: { required: ['work'] }, then: PAYLOAD } },
};

/** A state, at any depth: what Step Functions says of the rest is checked by lint. */
const STATE: JsonSchema = {
  type: 'object',
  required: ['Type'],
  properties: {
    Type: { enum: ['Task', 'Pass', 'Choice', 'Wait', 'Succeed', 'Fail', 'Parallel', 'Map'] },
    Parameters: { $ref: '#/$defs/handed' },
    Arguments: { $ref: '#/$defs/handed' },
    Branches: { type: 'array', items: { $ref: '#/$defs/machine' } },
    ItemProcessor: { $ref: '#/$defs/machine' },
    Iterator: { $ref: '#/$defs/machine' },
  },
};

/** Of definitions in Amazon States Language. */
export const aslSchema: JsonSchema = {
  $schema: DIALECT,
  title: 'Amazon States Language, with states that hand work to Baton',
  $ref: '#/$defs/machine',
  $defs: {
    state: STATE,
    handed,
    machine: {
      type: 'object',
      required: ['StartAt', 'States'],
      properties: {
        StartAt: { type: 'string' },
        States: { type: 'object', additionalProperties: { $ref: '#/$defs/state' } },
      },
    },
  },
};

export const SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  'work.schema.json': workSchema,
  'local.schema.json': localSchema,
  'asl.schema.json': aslSchema,
};
