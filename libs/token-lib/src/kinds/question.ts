/** A question to an approver, as its notice and its mail put it: all of them say the same, from these facts. */
import * as z from 'zod/mini';
import { CallbackId } from '../wire/callback-id.ts';
import type { Millis } from '../wire/millis.ts';
import type { ApprovalWork, Approver } from './approval.ts';

export interface Question {
  readonly title: string;
  /** Baton's own words, with its own link. */
  readonly asked: string;
  readonly url: string;
  readonly warning: string;
  /** What stands before the workflow's words. */
  readonly divider: string;
  /** What the workflow has written, which may hold links of its own. */
  readonly written: string;
}

export function questionOf(work: ApprovalWork, { name }: Approver, url: string, deadline: Millis): Question {
  const until = `${new Date(deadline).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const written = [`To ${name}: ${work.title}`, ...(work.description === undefined ? [] : ['', work.description])];
  return {
    title: work.title,
    asked: `Your decision is asked for. Look at it and decide here, until ${until}:`,
    url,
    warning: 'The link is yours alone: whoever has it decides in your name.',
    divider: 'The lines below were written by the workflow. No link in them decides.',
    written: written.join('\n'),
  };
}

/**
 * The question as plain text. Baton's own words come first, its link among them; the workflow's come last, and a mark stands before each of
 * their lines.
 */
export const questionText = ({ asked, url, warning, divider, written }: Question): string =>
  [`${asked}\n${url}`, warning, divider, quoted(written)].join('\n\n');

/** Whatever a mail program may show as the end of a line is one. */
const quoted = (text: string): string =>
  text
    .split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/)
    .map((line) => `> ${line}`)
    .join('\n');

/** A message on the mail queue: whom to ask for which callback. It holds no link, which is signed when the mail is sent. */
export const QueuedMail = z.object({
  callbackId: CallbackId,
  /** The approver's index in the work's list. */
  approver: z.number().check(z.int(), z.gte(0)),
});
export type QueuedMail = z.infer<typeof QueuedMail>;
