/**
 * Brings an event to a target: tries, waits on the clock, tries again, and gives up to the dead-letter queue.
 *
 * Only an attempt counts as work in flight; the wait before the next one does not.
 */
import { AwsError } from '../../kernel/aws-error.ts';
import { roleCaller, serviceCaller } from '../../kernel/caller.ts';
import type { Millis, Timer } from '../../kernel/clock/clock.ts';
import type { Caller, JsonObject, World } from '../../kernel/service.ts';
import { queueUrlOf } from '../../kit/arn.ts';
import type { BusEvent } from './bus-event.ts';
import type { Rule } from './rule.ts';
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

/** Puts an event on another bus. */
type Forward = (busArn: string, event: BusEvent) => void;

export function createDelivery(world: World, forward: Forward): Delivery {
  const waiting = new Set<Timer>();

  const attempt = async (work: Undelivered): Promise<void> => {
    const { target } = work;
    try {
      await sendToTarget(world, forward, work);
    } catch (cause) {
      const error = cause instanceof AwsError ? cause : new AwsError('InternalFailure', String(cause), 500);
      const exhausted = exhaustedCondition(work, world.clock.now());
      if (isRetriable(error) && exhausted === undefined) {
        later(retryDelay(work.retries, world.random()), { ...work, retries: work.retries + 1 });
      } else if (target.deadLetterArn !== undefined) {
        await sendToDeadLetters(world, target.deadLetterArn, work, error, isRetriable(error) ? exhausted : undefined);
      }
    }
  };
  const start = (work: Undelivered): void => {
    world.activity.track(attempt(work)).catch(() => undefined); // Lost, as on AWS: the dead-letter queue refused it too.
  };
  const later = (delay: Millis, work: Undelivered): void => {
    const timer = world.clock.at(world.clock.now() + delay, () => {
      waiting.delete(timer);
      start(work);
    });
    waiting.add(timer);
  };

  return {
    deliver(event, rule, target) {
      const work = { event, rule, target, since: world.clock.now(), retries: 0 };
      if (world.unkindness === undefined) start(work);
      else for (const lag of world.unkindness.eventLags()) later(lag, work);
    },
    close() {
      for (const timer of waiting) timer.cancel();
    },
  };
}

const MAX_DELAY: Millis = 900_000;

/**
 * Exponential from one second, of which chance takes up to a half. [documented: User Guide, "Retrying event delivery": exponential,
 * with jitter; the numbers are guessed]
 */
export function retryDelay(retries: number, random: number): Millis {
  return Math.min(1000 * 2 ** retries, MAX_DELAY) * (1 - random / 2);
}

/** EventBridge tries again after 5xx and throttling; other refusals would only be repeated. */
export const isRetriable = ({ status, code }: AwsError): boolean =>
  status >= 500 || status === 429 || /Throttl|TooManyRequests/.test(code);

type ExhaustedCondition = 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';

function exhaustedCondition({ target, retries, since }: Undelivered, now: Millis): ExhaustedCondition | undefined {
  if (retries >= target.retry.maximumAttempts) return 'MaximumRetryAttempts';
  return now - since >= target.retry.maximumAgeSeconds * 1000 ? 'MaximumEventAgeInSeconds' : undefined;
}

/** The role of the target or of its rule, or else EventBridge itself, for the rule. */
function callerFor(world: World, rule: Rule, target: Target): Caller {
  const roleArn = target.roleArn ?? rule.roleArn;
  if (roleArn !== undefined) return roleCaller(world, roleArn, rule.name.slice(0, 64));
  return serviceCaller(world, 'events', rule.arn);
}

async function sendToTarget(world: World, forward: Forward, { event, rule, target }: Undelivered): Promise<void> {
  const { arn, kind, messageGroupId } = target;
  if (kind === 'events') return forward(arn, event);
  const caller = callerFor(world, rule, target);
  const input = target.input(event, rule);
  switch (kind) {
    case 'lambda': {
      const Payload = new TextEncoder().encode(input);
      await world.call(caller, 'lambda:Invoke', { FunctionName: arn, InvocationType: 'Event', Payload });
      return;
    }
    case 'sqs': {
      const group = messageGroupId === undefined ? {} : { MessageGroupId: messageGroupId };
      return sendMessage(world, caller, arn, { MessageBody: input, ...group });
    }
    case 'sns':
      await world.call(caller, 'sns:Publish', { TopicArn: arn, Message: input });
      return;
    case 'states': {
      const name = `${event.id}_${world.uuid()}`;
      await world.call(caller, 'states:StartExecution', { stateMachineArn: arn, name, input });
    }
  }
}

async function sendMessage(world: World, caller: Caller, queueArn: string, message: JsonObject): Promise<void> {
  await world.call(caller, 'sqs:SendMessage', { QueueUrl: queueUrlOf(queueArn), ...message });
}

// [documented: User Guide, "Using dead-letter queues to process undelivered events"]
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
  const message = { MessageBody: JSON.stringify(event), MessageAttributes };
  await sendMessage(world, serviceCaller(world, 'events', rule.arn), queueArn, message);
}
