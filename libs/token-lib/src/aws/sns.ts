/** The adapters over SNS, whose SDK client is loaded by the first call (see client-options.ts). */
import { once } from '../once.ts';
import type { Clock, NoticeSender } from '../ports.ts';
import type { ClientOptions } from './client-options.ts';

/** @param repeatable for the calls that ask who is subscribed */
export function noticeSender(
  { single, repeatable }: { readonly single: ClientOptions; readonly repeatable: ClientOptions },
  topicArn: string,
  clock: Clock,
): NoticeSender {
  const sender = once(async () => {
    const { SNSClient, snsNoticeSender } = await import('./sns-notice-sender.ts');
    return snsNoticeSender(new SNSClient(single), topicArn);
  });
  const subscriptions = once(async () => {
    const [{ SNSClient }, { snsSubscriptions }] = await Promise.all([
      import('./sns-notice-sender.ts'),
      import('./sns-subscriptions.ts'),
    ]);
    return snsSubscriptions(new SNSClient(repeatable), topicArn, clock);
  });
  return {
    whyUnread: async (attributes) => {
      try {
        return await (
          await subscriptions()
        )(attributes);
      } catch {
        return undefined;
      }
    },
    send: async (notice) => (await sender()).send(notice),
  };
}

/** Returns how many subscriptions of the topic are waiting to be confirmed; undefined where SNS does not say. */
export async function pendingSubscriptionsOf(options: ClientOptions, topicArn: string): Promise<number | undefined> {
  try {
    const [{ SNSClient }, { pendingSubscriptions }] = await Promise.all([
      import('./sns-notice-sender.ts'),
      import('./sns-subscriptions.ts'),
    ]);
    return await pendingSubscriptions(new SNSClient(options), topicArn);
  } catch {
    return undefined;
  }
}
