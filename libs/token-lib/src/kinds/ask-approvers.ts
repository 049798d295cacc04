/** The two ways of asking approvers: notices through a topic, and mails that a function sends from a queue. */
import type { Approver, ApprovalWork, Asking } from './approval.ts';
import { type QueuedMail, questionOf, questionText } from './question.ts';
import type { Notice, NoticeSender, Pause, QueueSender } from './start-ports.ts';
import { handOver, type LinkPorts, signedUrl, type Started } from './start.ts';

/**
 * Sends each approver a link of their own, once all are signed: nobody is asked twice because a key could not be used. If one notice cannot be sent,
 * the callback is closed and the other links say so.
 */
export function askByTopic(ports: LinkPorts & { readonly notices: NoticeSender }): Asking {
  return {
    whyUnread: (approver) => ports.notices.whyUnread(attributesOf(approver)),
    async ask({ callbackId, deadline }, work) {
      const notices: (readonly [Approver, Notice])[] = [];
      for (const [place, approver] of work.approvers.entries()) {
        const signed = await signedUrl(ports, {
          purpose: 'approval',
          callbackId,
          approver: place,
          expiresAt: deadline,
        });
        if (signed.answer === 'failed') return signed;
        notices.push([approver, noticeOf(work, approver, signed.url, deadline)]);
      }
      return handOverAll(notices, ([{ name }, notice]) =>
        handOver(`the notice to ${name}`, ports.pause, () => ports.notices.send(notice)),
      );
    },
  };
}

/** Queues a mail for each approver. Links are signed, and the question is read, when the mail is sent. */
export function askByMail(ports: {
  readonly queues: QueueSender;
  readonly queueUrl: string;
  readonly pause: Pause;
}): Asking {
  return {
    whyUnread: async ({ email }) => (email === undefined ? 'has no e-mail address to send the question to' : undefined),
    ask: ({ callbackId }, work) =>
      handOverAll([...work.approvers.entries()], ([approver, { name }]) => {
        const mail: QueuedMail = { callbackId, approver };
        const message = { queueUrl: ports.queueUrl, body: JSON.stringify(mail), attributes: {} };
        return handOver(`the mail to ${name}`, ports.pause, () => ports.queues.send(message));
      }),
  };
}

async function handOverAll<T>(each: readonly T[], give: (one: T) => Promise<Started>): Promise<Started> {
  const receipts: string[] = [];
  for (const one of each) {
    const told = await give(one);
    if (told.answer === 'failed') return told;
    receipts.push(told.receipt);
  }
  return { answer: 'started', receipt: receipts.join(' ') };
}

const noticeOf = (work: ApprovalWork, approver: Approver, url: string, deadline: number): Notice => ({
  subject: subjectOf(work.title),
  text: questionText(questionOf(work, approver, url, deadline)),
  attributes: attributesOf(approver),
});

/** What subscriptions filter by. */
const attributesOf = ({ name, email }: Approver): Notice['attributes'] => ({
  approver: name,
  ...(email !== undefined && { email }),
});

/** SNS takes printable ASCII, 100 characters at most, beginning with a letter or digit. */
function subjectOf(title: string): string {
  const ascii = title
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '')
    .trim();
  return `Decision needed: ${ascii}`.slice(0, 100).trimEnd();
}
