import {
  type Approver,
  type ApprovalWork,
  errorName,
  type LinkKeys,
  type Notice,
  type NoticeSender,
  signLink,
  type StartAnswer,
  type Stored,
} from '@baton/token-lib';
import { handOver, type Pause } from './hand-over.ts';
import type { Starter } from './starter.ts';

export interface ApprovalStarterPorts {
  readonly notices: NoticeSender;
  readonly linkKeys: LinkKeys;
  /** Where links lead. */
  readonly endpoint: string;
  readonly pause: Pause;
}

/** Sends each approver a link of their own. Should one not be taken, the links of the others open a closed question. */
export function approvalStarter(ports: ApprovalStarterPorts): Starter<'approval'> {
  return async (callback, work) => {
    const receipts: string[] = [];
    for (const [place, approver] of work.approvers.entries()) {
      const told = await handOver(`the notice to ${approver.name}`, ports.pause, () =>
        tell(ports, callback, work, { place, ...approver }),
      );
      if (!told.started) return told;
      receipts.push(told.receipt);
    }
    return { started: true, receipt: receipts.join(' ') };
  };
}

async function tell(
  { notices, linkKeys, endpoint }: ApprovalStarterPorts,
  { callbackId, deadline }: Stored,
  work: ApprovalWork,
  approver: Approver & { readonly place: number },
): Promise<StartAnswer> {
  try {
    const link = { purpose: 'approval', callbackId, approver: approver.place, expiresAt: deadline } as const;
    const url = `${endpoint}/approvals/${await signLink(linkKeys, link)}`;
    return await notices.send(noticeOf(work, approver, url, deadline));
  } catch (error) {
    return { answer: 'again', why: `the link was not signed: ${errorName(error)}` };
  }
}

function noticeOf(work: ApprovalWork, { name, email }: Approver, url: string, deadline: number): Notice {
  const until = `${new Date(deadline).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const text = [
    `${name}, your decision is asked for: ${work.title}`,
    ...(work.description === undefined ? [] : [work.description]),
    `Look at it and decide here, until ${until}:\n${url}`,
    'The link is yours alone: whoever has it decides in your name.',
  ];
  return {
    subject: subjectOf(work.title),
    text: text.join('\n\n'),
    attributes: { approver: name, ...(email !== undefined && { email }) },
  };
}

/** SNS takes printable ASCII, 100 characters at most, beginning with a letter or digit. */
function subjectOf(title: string): string {
  const ascii = title
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '')
    .trim();
  return `Decision needed: ${ascii}`.slice(0, 100).trimEnd();
}
