/**
 * Brings an event to a target: tries, waits on the clock, tries again, and gives up to the dead-letter queue.
 *
 * Only an attempt counts as work in flight; the wait before the next one does not.
 */
import { AwsError } from '../../kernel/aws-error.ts';
import type { Millis, Timer } from '../../kernel/clock/clock.ts';
import { roleCaller, serviceCaller } from '../../kernel/caller.ts';
import type { Caller, World } from '../../kernel/service.ts';
import type { BusEvent, Rule } from './rule.ts';
import type { Target } from './target.ts';

export interface Delivery {
  deliver(event: BusEvent, rule: Rule, target: Target): void;
  close(): void;
}

interface Undelivered {
  readonly event: BusEvent;
  readonly rule: Rule;
  readonly target: Target;
  readonly since: Millis;
  /** Attempts after the first one. */
  readonly retries: number;
}

/** `forward` puts an event on another bus. */
export function createDelivery(world: World, forward: (busArn: string, event: BusEvent) => void): Delivery {
  const waiting = new Set<Timer>();

  const attempt = async (work: Undelivered): Promise<void> => {
    const { event, rule, target } = work;
    try {
      if (target.kind === 'events') forward(target.arn, event);
      else await invokeTarget(world, callerFor(world, rule, target), target, event, target.input(event, rule));
    } catch (cause) {
      const error = cause instanceof AwsError ? cause : new AwsError('InternalFailure', String(cause), 500);
      const exhausted = exhaustedCondition(work, world.clock.now());
      if (isRetriable(error) && exhausted === undefined) retry(work);
      else if (target.deadLetterArn !== undefined) {
        await sendToDeadLetters(world, target.deadLetterArn, work, error, isRetriable(error) ? exhausted : undefined);
      }
    }
  };
  const start = (work: Undelivered): void => {
    world.activity.track(attempt(work)).catch(() => undefined); // Lost, as on AWS: the dead-letter queue refused it too.
  };
  const retry = (work: Undelivered): void => {
    const timer = world.clock.at(world.clock.now() + retryDelay(work.retries, world.random()), () => {
      waiting.delete(timer);
      start({ ...work, retries: work.retries + 1 });
    });
    waiting.add(timer);
  };

  return {
    deliver(event, rule, target) {
      start({ event, rule, target, since: world.clock.now(), retries: 0 });
    },
    close() {
      for (const timer of waiting) timer.cancel();
    },
  };
}

const LONGEST_DELAY: Millis = 900_000;

/** Exponential from one second, of which chance takes up to a half. */
export function retryDelay(retries: number, random: number): Millis {
  return Math.min(1000 * 2 ** retries, LONGEST_DELAY) * (1 - random / 2);
}

/** EventBridge tries again after 5xx and throttling; another refusal would only be repeated. */
export const isRetriable = ({ status, code }: AwsError): boolean =>
  status >= 500 || status === 429 || /Throttl|TooManyRequests/.test(code);

type ExhaustedCondition = 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';

function exhaustedCondition({ target, retries, since }: Undelivered, now: Millis): ExhaustedCondition | undefined {
  if (retries >= target.retry.maximumAttempts) return 'MaximumRetryAttempts';
  return now - since >= target.retry.maximumAgeSeconds * 1000 ? 'MaximumEventAgeInSeconds' : undefined;
}

const callerFor = (world: World, rule: Rule, { roleArn }: Target): Caller =>
  roleArn === undefined ? serviceCaller(world, 'events', rule.arn) : roleCaller(world, roleArn, rule.name.slice(0, 64));

async function invokeTarget(
  world: World,
  caller: Caller,
  target: Target,
  event: BusEvent,
  input: string,
): Promise<void> {
  const { arn, messageGroupId } = target;
  switch (target.kind) {
    case 'lambda': {
      const Payload = new TextEncoder().encode(input);
      await world.call(caller, 'lambda:Invoke', { FunctionName: arn, InvocationType: 'Event', Payload });
      return;
    }
    case 'sqs':
      await sendMessage(
        world,
        caller,
        arn,
        input,
        messageGroupId === undefined ? {} : { MessageGroupId: messageGroupId },
      );
      return;
    case 'sns':
      await world.call(caller, 'sns:Publish', { TopicArn: arn, Message: input });
      return;
    case 'states':
      await world.call(caller, 'states:StartExecution', {
        stateMachineArn: arn,
        name: `${event.id}_${world.uuid()}`,
        input,
      });
      return;
    case 'events':
      throw new Error('a bus is forwarded to');
  }
}

async function sendMessage(
  world: World,
  caller: Caller,
  queueArn: string,
  body: string,
  more: Record<string, unknown>,
): Promise<void> {
  const [, , , , QueueOwnerAWSAccountId, QueueName] = queueArn.split(':');
  const { QueueUrl } = await world.call(caller, 'sqs:GetQueueUrl', { QueueName, QueueOwnerAWSAccountId });
  await world.call(caller, 'sqs:SendMessage', { QueueUrl, MessageBody: body, ...more });
}

const ERROR_CODES: readonly (readonly [RegExp, string])[] = [
  [/NotFound|DoesNotExist|NonExistent/, 'NO_RESOURCE'],
  [/AccessDenied|NotAuthorized/, 'NO_PERMISSIONS'],
  [/Throttl|TooManyRequests/, 'THROTTLING'],
];

export const deadLetterCode = ({ code, status }: AwsError): string =>
  ERROR_CODES.find(([pattern]) => pattern.test(code))?.[1] ?? (status >= 500 ? 'INTERNAL_ERROR' : 'SDK_CLIENT_ERROR');

async function sendToDeadLetters(
  world: World,
  queueArn: string,
  { event, rule, target, retries }: Undelivered,
  error: AwsError,
  exhausted: ExhaustedCondition | undefined,
): Promise<void> {
  const attributes: Record<string, string> = {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.arn,
    ERROR_CODE: deadLetterCode(error),
    ERROR_MESSAGE: error.message,
    ...(exhausted !== undefined && { EXHAUSTED_RETRY_CONDITION: exhausted, RETRY_ATTEMPTS: String(retries) }),
  };
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
  await sendMessage(world, serviceCaller(world, 'events', rule.arn), queueArn, JSON.stringify(event), {
    MessageAttributes,
  });
}
