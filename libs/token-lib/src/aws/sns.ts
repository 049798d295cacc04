/** The adapters over SNS, whose SDK client is loaded by the first call (see client-options.ts). */
import { once } from '../once.ts';
import type { NoticeSender } from '../ports.ts';
import type { ClientOptions } from './client-options.ts';

export function noticeSender(options: ClientOptions, topicArn: string): NoticeSender {
  const sender = once(async () => {
    const { SNSClient, snsNoticeSender } = await import('./sns-notice-sender.ts');
    return snsNoticeSender(new SNSClient(options), topicArn);
  });
  return { send: async (notice) => (await sender()).send(notice) };
}
