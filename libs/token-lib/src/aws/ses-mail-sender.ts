import { SendEmailCommand, type SESv2Client } from '@aws-sdk/client-sesv2';
import type { MailSender, MailSettings } from '../ports.ts';
import { errorName } from '../wire/errors.ts';
import { mayPass } from './may-pass.ts';

export { SESv2Client } from '@aws-sdk/client-sesv2';

/** Refusals that concern the account or its rights, not the address: the mail is sent once an operator has seen to it. */
const OF_THE_ACCOUNT =
  /^(AccessDenied|AccountSuspended|SendingPaused|LimitExceeded|MailFromDomainNotVerified|NotFound|UnrecognizedClient)/;

const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });

export function sesMailSender(client: SESv2Client, { from, configurationSet }: MailSettings): MailSender {
  return {
    async send({ to, subject, text, html, tags }) {
      // No autoresponder answers what says that it was made by a machine. [documented: RFC 3834]
      const Headers = [{ Name: 'Auto-Submitted', Value: 'auto-generated' }];
      const Body = { Text: utf8(text), Html: utf8(html) };
      try {
        await client.send(
          new SendEmailCommand({
            FromEmailAddress: from,
            Destination: { ToAddresses: [to] },
            Content: { Simple: { Subject: utf8(subject), Body, Headers } },
            ConfigurationSetName: configurationSet,
            EmailTags: Object.entries(tags).map(([Name, Value]) => ({ Name, Value })),
          }),
        );
        return { answer: 'sent' };
      } catch (error) {
        const why = errorName(error);
        return mayPass(error) || OF_THE_ACCOUNT.test(why) ? { answer: 'again', why } : { answer: 'refused', why };
      }
    },
  };
}
