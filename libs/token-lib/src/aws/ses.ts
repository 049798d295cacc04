/** The adapter over SES, whose SDK client is loaded by the first call (see client-options.ts). */
import { once } from '../once.ts';
import type { MailSender, MailSettings } from '../ports.ts';
import type { ClientOptions } from './client-options.ts';

export function mailSender(options: ClientOptions, settings: MailSettings): MailSender {
  const sender = once(async () => {
    const { SESv2Client, sesMailSender } = await import('./ses-mail-sender.ts');
    return sesMailSender(new SESv2Client(options), settings);
  });
  return { send: async (mail) => (await sender()).send(mail) };
}
