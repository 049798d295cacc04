import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject, ServiceId } from '../../kernel/service.ts';
import { compileTargetInput, type TargetInput } from './target-input.ts';

/** Where events go: a resource of one of these services. */
export type TargetKind = Extract<ServiceId, 'lambda' | 'sqs' | 'sns' | 'states' | 'events'>;

export interface Target {
  readonly id: string;
  readonly arn: string;
  readonly kind: TargetKind;
  readonly input: TargetInput;
  /** As whom it is called; EventBridge itself where none is given. */
  readonly roleArn?: string;
  /** Of a FIFO queue. */
  readonly messageGroupId?: string;
  readonly retry: { readonly maximumAttempts: number; readonly maximumAgeSeconds: number };
  readonly deadLetterArn?: string;
  /** As it was given, for ListTargetsByRule. */
  readonly given: JsonObject;
}

const KINDS: Readonly<Record<string, TargetKind>> = {
  lambda: 'lambda',
  sqs: 'sqs',
  sns: 'sns',
  states: 'states',
  events: 'events',
};
const ARN = /^arn:aws:([a-z-]+):[a-z0-9-]+:\d{12}:.+$/;
const MOST_ATTEMPTS = 185;
const LONGEST_AGE_SECONDS = 86_400;
const SHORTEST_AGE_SECONDS = 60;

const invalid = (member: string, reason: string): AwsError =>
  new AwsError('ValidationException', `Parameter ${member} is not valid. Reason: ${reason}`);

/** @throws {AwsError} ValidationException */
export function parseTarget(given: JsonObject): Target {
  const { Id, Arn, RoleArn, SqsParameters, RetryPolicy, DeadLetterConfig } = given;
  if (typeof Id !== 'string' || !/^[.\-_A-Za-z0-9]{1,64}$/.test(Id)) {
    throw invalid('Id', '1 to 64 letters, digits, periods, hyphens and underscores are allowed.');
  }
  const [, service = ''] = ARN.exec(String(Arn)) ?? [];
  if (service === '') throw invalid('Arn', `Provided Arn ${String(Arn)} is not in correct format.`);
  const kind = KINDS[service];
  if (kind === undefined) {
    throw invalid('Arn', `Targets of ${service} are not here; there are ${Object.keys(KINDS).join(', ')}.`);
  }
  const { MessageGroupId } = (SqsParameters ?? {}) as { MessageGroupId?: string };
  const deadLetterArn = (DeadLetterConfig as { Arn?: string } | undefined)?.Arn;
  if (deadLetterArn !== undefined && !deadLetterArn.startsWith('arn:aws:sqs:')) {
    throw invalid('DeadLetterConfig.Arn', 'A dead-letter queue is a queue of SQS.');
  }
  return {
    id: Id,
    arn: String(Arn),
    kind,
    input: compileTargetInput(given),
    retry: parseRetryPolicy((RetryPolicy ?? {}) as JsonObject),
    given,
    ...(typeof RoleArn === 'string' && { roleArn: RoleArn }),
    ...(MessageGroupId !== undefined && { messageGroupId: MessageGroupId }),
    ...(deadLetterArn !== undefined && { deadLetterArn }),
  };
}

function parseRetryPolicy(policy: JsonObject): Target['retry'] {
  const maximumAttempts = policy['MaximumRetryAttempts'] ?? MOST_ATTEMPTS;
  const maximumAgeSeconds = policy['MaximumEventAgeInSeconds'] ?? LONGEST_AGE_SECONDS;
  if (typeof maximumAttempts !== 'number' || maximumAttempts < 0 || maximumAttempts > MOST_ATTEMPTS) {
    throw invalid('MaximumRetryAttempts', `It must be from 0 to ${MOST_ATTEMPTS}.`);
  }
  const age = maximumAgeSeconds;
  if (typeof age !== 'number' || age < SHORTEST_AGE_SECONDS || age > LONGEST_AGE_SECONDS) {
    throw invalid('MaximumEventAgeInSeconds', `It must be from ${SHORTEST_AGE_SECONDS} to ${LONGEST_AGE_SECONDS}.`);
  }
  return { maximumAttempts, maximumAgeSeconds: age };
}
