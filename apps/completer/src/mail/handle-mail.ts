/**
 * The handler of the mail queue: sends each approver their question, one after another, so that the account's sending rate holds. A mail is
 * deleted when SES has taken it, or when the row says that it will not reach its approver; else it comes again.
 */
import {
  type LinkKeys,
  type MailSender,
  type Millis,
  parse,
  QueuedMail,
  questionOf,
  recordUnreached,
  sayable,
  type SettlePorts,
  signedUrl,
} from '@baton/token-lib';
import * as z from 'zod/mini';
import type { BatchAnswer } from '../queue/handle-queue.ts';
import { questionMail } from './question-mail.ts';

export interface MailPorts extends SettlePorts {
  readonly mails: MailSender;
  readonly linkKeys: LinkKeys;
  readonly endpoint: string;
  /** Between two mails. */
  readonly interval: Millis;
}

const SqsEvent = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });

export async function handleMail(ports: MailPorts, event: unknown, at: Millis): Promise<BatchAnswer> {
  const failed: string[] = [];
  for (const [place, { messageId, body }] of parse(SqsEvent, event).Records.entries()) {
    if (place > 0) await ports.pause(ports.interval);
    try {
      const why = await sendMail(ports, body, at);
      if (why === undefined) continue;
      ports.log('info', 'mail not taken', { messageId, why });
    } catch (error) {
      ports.log('alarm', 'mail not taken', { messageId, ...sayable(error) });
    }
    failed.push(messageId);
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** Returns why the mail is to be sent later; undefined where it is done with. */
async function sendMail(ports: MailPorts, body: string, at: Millis): Promise<string | undefined> {
  const { callbackId, approver: place } = parse(QueuedMail, JSON.parse(body));
  const row = await ports.store.read(callbackId);
  if (row === undefined || !('token' in row) || row.state === 'Settling' || at >= row.deadline) return undefined;
  const work = await ports.store.workOf(row);
  const approver = work.kind === 'approval' ? work.approvers[place] : undefined;
  if (work.kind !== 'approval' || approver?.email === undefined) return undefined;
  const { deadline } = row;
  const signed = await signedUrl(ports, { purpose: 'approval', callbackId, approver: place, expiresAt: deadline });
  if (signed.answer === 'failed') return signed.why;
  const mail = questionMail(questionOf(work, approver, signed.url, deadline));
  const tags = { callbackId, approver: String(place) };
  const sent = await ports.mails.send({ to: approver.email, ...mail, tags });
  switch (sent.answer) {
    case 'sent':
      ports.log('info', 'mail sent', tags);
      return undefined;
    case 'again':
      return sent.why;
    case 'refused':
      await recordUnreached(ports, row, { approver: approver.name, why: `SES refused the mail (${sent.why})`, at });
      return undefined;
  }
}
