import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject, ServiceId } from '../../kernel/service.ts';
import { parseArn } from '../../kit/arn.ts';
import {
  integer,
  mapOf,
  opaque,
  optional,
  required,
  structure,
  text,
  type Check,
  type Members,
} from '../../kit/reader.ts';
import { compileTargetInput, type TargetInput } from './target-input.ts';

const KINDS = ['lambda', 'sqs', 'sns', 'states', 'events'] as const satisfies readonly ServiceId[];

/** Where events go: a resource of one of these services. */
export type TargetKind = (typeof KINDS)[number];

export interface Target {
  readonly id: string;
  readonly arn: string;
  readonly kind: TargetKind;
  readonly input: TargetInput;
  /** As whom it is called. Without one, as the rule's role, or else as EventBridge itself. */
  readonly roleArn?: string;
  /** Of a FIFO queue. */
  readonly messageGroupId?: string;
  readonly retry: { readonly maximumAttempts: number; readonly maximumAgeSeconds: number };
  readonly deadLetterArn?: string;
  /** As it was given, for ListTargetsByRule. */
  readonly given: JsonObject;
}

// [documented: API Reference, "RetryPolicy"; recorded: more than 185 attempts are refused]
const MAX_ATTEMPTS = 185;
const MIN_AGE_SECONDS = 60;
const MAX_AGE_SECONDS = 86_400;

const arn = text({ min: 1, max: 1600 });
const targetMembers = {
  Id: required(text({ min: 1, max: 64, pattern: /[.\-_A-Za-z0-9]+/, patternText: '[\\.\\-_A-Za-z0-9]+' })),
  Arn: required(arn),
  RoleArn: optional(arn),
  Input: optional(text({ max: 8192 })),
  InputPath: optional(text({ max: 256 })),
  InputTransformer: optional(
    structure({
      InputPathsMap: optional(mapOf(text({ max: 256 }))),
      InputTemplate: required(text({ min: 1, max: 8192 })),
    }),
  ),
  SqsParameters: optional(structure({ MessageGroupId: optional(text()) })),
  DeadLetterConfig: optional(structure({ Arn: optional(arn) })),
  RetryPolicy: optional(
    structure({
      MaximumRetryAttempts: optional(integer({ min: 0, max: MAX_ATTEMPTS })),
      MaximumEventAgeInSeconds: optional(integer({ min: MIN_AGE_SECONDS, max: MAX_AGE_SECONDS })),
    }),
  ),
};
const members = structure(targetMembers);

/** A target in a request, with the members that are of targets which are not here. */
export const givenTarget: Check<Members<typeof targetMembers> & { readonly given: JsonObject }> = (
  value,
  path,
  reading,
) => ({ ...members(value, path, reading), given: opaque(value, path, reading) });

/** @throws {AwsError} ValidationException */
export function parseTarget(request: ReturnType<typeof givenTarget>): Target {
  const { Id, Arn, RoleArn, SqsParameters, RetryPolicy, DeadLetterConfig, given } = request;
  const deadLetterArn = DeadLetterConfig?.Arn;
  if (deadLetterArn !== undefined && parseArn(deadLetterArn)?.service !== 'sqs') {
    throw invalid('DeadLetterConfig.Arn', 'A dead-letter queue is a queue of SQS.');
  }
  return {
    id: Id,
    arn: Arn,
    kind: kindOf(Arn),
    input: compileTargetInput(request),
    retry: {
      maximumAttempts: RetryPolicy?.MaximumRetryAttempts ?? MAX_ATTEMPTS,
      maximumAgeSeconds: RetryPolicy?.MaximumEventAgeInSeconds ?? MAX_AGE_SECONDS,
    },
    given,
    ...(RoleArn !== undefined && { roleArn: RoleArn }),
    ...(SqsParameters?.MessageGroupId !== undefined && { messageGroupId: SqsParameters.MessageGroupId }),
    ...(deadLetterArn !== undefined && { deadLetterArn }),
  };
}

function kindOf(targetArn: string): TargetKind {
  const { service, region, accountId } = parseArn(targetArn) ?? {};
  if (service === undefined || !region || !/^\d{12}$/.test(accountId ?? '')) {
    throw invalid('Arn', `Provided Arn ${targetArn} is not in correct format.`);
  }
  const kind = KINDS.find((known) => known === service);
  if (kind !== undefined) return kind;
  throw invalid('Arn', `Targets of ${service} are not here; there are ${KINDS.join(', ')}.`);
}

const invalid = (member: string, reason: string): AwsError =>
  new AwsError('ValidationException', `Parameter ${member} is not valid. Reason: ${reason}`);
