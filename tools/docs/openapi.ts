/** The HTTP API as an OpenAPI document, made from the schemas that both sides read with: `npm run docs:openapi` writes docs/openapi.json. */
import {
  ClaimAnswer,
  ClaimRequest,
  FailureRequest,
  HeartbeatAnswer,
  HeartbeatRequest,
  ReportAnswer,
  SuccessRequest,
  WORK_SECRET_HEADER,
} from '@baton/token-lib';
import { writeFileSync } from 'node:fs';
import * as z from 'zod';

type Json = Readonly<Record<string, unknown>>;

/** OpenAPI 3.1 takes JSON Schemas as they are. */
const schemaOf = (schema: z.core.$ZodType): Json => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
};

const json = (description: string, schema: Json): Json => ({
  description,
  content: { 'application/json': { schema } },
});

const REFUSAL: Json = {
  type: 'object',
  required: ['error', 'message'],
  properties: { error: { type: 'string' }, message: { type: 'string' } },
};

const REFUSALS: Json = {
  400: json('The request is malformed; the message names the member.', REFUSAL),
  403: json('No such callback of this caller.', REFUSAL),
  413: json('The report is too large.', REFUSAL),
  500: json('A service did not answer: send it again.', REFUSAL),
  503: json('Many wrote at once: send it again.', REFUSAL),
};

const NOT_HOLDER = json('The run does not hold the claim.', REFUSAL);
const REPORTED: Json = {
  200: json('`applied` or `duplicate`.', schemaOf(ReportAnswer)),
  202: json('`stored`: Step Functions will be told.', schemaOf(ReportAnswer)),
  409: json('`conflict`: another outcome came first. Or the run does not hold the claim.', {
    anyOf: [schemaOf(ReportAnswer), REFUSAL],
  }),
  410: json('`late`: nobody waits any more.', schemaOf(ReportAnswer)),
};

const STATUS: Json = {
  type: 'object',
  required: ['callbackId', 'state', 'executionArn', 'stateName', 'attempt', 'kind', 'createdAt', 'deadline'],
  properties: {
    callbackId: { type: 'string' },
    state: { enum: ['Stored', 'Dispatched', 'Settling', 'Settled', 'Gone'] },
    reason: { type: 'string' },
    outcome: { type: 'object' },
    executionArn: { type: 'string' },
    stateName: { type: 'string' },
    attempt: { type: 'integer' },
    kind: { type: 'string' },
    createdAt: { type: 'string' },
    deadline: { type: 'string' },
    claimedAt: { type: 'string' },
    lastContactAt: { type: 'string' },
    progress: {},
  },
};

const PARAMETERS: readonly Json[] = [
  { name: 'callbackId', in: 'path', required: true, schema: { type: 'string', pattern: '^[0-9a-hjkmnp-tv-z]{26}$' } },
  {
    name: WORK_SECRET_HEADER,
    in: 'header',
    required: false,
    description: 'Came with work of a queue or function; reports about such work show it.',
    schema: { type: 'string' },
  },
];

const operation = (summary: string, request: z.core.$ZodType | undefined, responses: Json): Json => ({
  summary,
  parameters: PARAMETERS,
  ...(request && {
    requestBody: { required: true, content: { 'application/json': { schema: schemaOf(request) } } },
  }),
  responses: { ...REFUSALS, ...responses },
});

export const openApi: Json = {
  openapi: '3.1.0',
  info: {
    title: "Baton's HTTP API for workers and hosts",
    version: '1',
    description: 'Every request is signed with AWS Signature Version 4, service execute-api.',
  },
  security: [{ sigv4: [] }],
  components: {
    securitySchemes: {
      sigv4: { type: 'apiKey', in: 'header', name: 'Authorization', 'x-amazon-apigateway-authtype': 'awsSigv4' },
    },
  },
  paths: {
    '/callbacks/{callbackId}/claim': {
      post: operation('May this run start?', ClaimRequest, {
        200: json('`granted`, with the job, or `refused`.', schemaOf(ClaimAnswer)),
        202: json('`wait`: an earlier attempt may still run.', schemaOf(ClaimAnswer)),
      }),
    },
    '/callbacks/{callbackId}/heartbeat': {
      post: operation('A sign of life.', HeartbeatRequest, {
        200: json('`continue` or `stop`.', schemaOf(HeartbeatAnswer)),
        409: NOT_HOLDER,
      }),
    },
    '/callbacks/{callbackId}/success': { post: operation('The work is done.', SuccessRequest, REPORTED) },
    '/callbacks/{callbackId}/failure': { post: operation('The work has failed.', FailureRequest, REPORTED) },
    '/callbacks/{callbackId}': {
      get: operation('How the callback stands, without token and output.', undefined, {
        200: json('It stands so.', STATUS),
      }),
    },
  },
};

if (import.meta.main) {
  writeFileSync(new URL('../../docs/openapi.json', import.meta.url), `${JSON.stringify(openApi, null, 2)}\n`);
}
