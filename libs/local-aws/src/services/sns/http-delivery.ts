import type { World } from '../../kernel/service.ts';
import type { RetryPolicy } from './retry-policy.ts';

/**
 * AWS gives an endpoint 15 seconds. [documented: SNS Developer Guide] This is the machine's time: a clock that stands still cannot
 * end a hanging request.
 */
const TIMEOUT_MILLISECONDS = 15_000;

export interface Post {
  readonly url: string;
  readonly type: 'Notification' | 'SubscriptionConfirmation';
  readonly messageId: string;
  readonly topicArn: string;
  readonly subscriptionArn: string | undefined;
  readonly raw: boolean;
  readonly body: string;
}

/** Posts until the endpoint accepts, waiting as the policy says. @returns whether it did */
export async function deliverOverHttp(world: World, message: Post, retries: RetryPolicy): Promise<boolean> {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await world.activity.track(post(message));
    if (answer !== 'later') return answer === 'accepted';
    const delay = retries[attempt];
    if (delay === undefined) return false;
    await new Promise<void>((resolve) => world.clock.at(world.clock.now() + delay, resolve));
  }
}

/** A fault of the endpoint may pass; a request that it refuses is not tried again. */
async function post(message: Post): Promise<'accepted' | 'refused' | 'later'> {
  try {
    const response = await fetch(message.url, {
      method: 'POST',
      headers: headers(message),
      body: message.body,
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    await response.arrayBuffer();
    if (response.ok) return 'accepted';
    return response.status >= 500 || response.status === 429 ? 'later' : 'refused';
  } catch {
    return 'later';
  }
}

const headers = (message: Post): Record<string, string> => ({
  'content-type': 'text/plain; charset=UTF-8',
  'user-agent': 'Amazon Simple Notification Service Agent',
  'x-amz-sns-message-type': message.type,
  'x-amz-sns-message-id': message.messageId,
  'x-amz-sns-topic-arn': message.topicArn,
  ...(message.subscriptionArn !== undefined && { 'x-amz-sns-subscription-arn': message.subscriptionArn }),
  ...(message.raw && { 'x-amz-sns-rawdelivery': 'true' }),
});
