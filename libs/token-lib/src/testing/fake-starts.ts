import { createHmac } from 'node:crypto';
import type { Mac } from '../wire/link.ts';
import type {
  FunctionInvoker,
  Notice,
  NoticeSender,
  PartnerCaller,
  QueueMessage,
  QueueSender,
  StartAnswer,
} from '../ports.ts';

export interface FakeStarts {
  /** What comes instead of `started`, in order. */
  readonly faults: Exclude<StartAnswer, { answer: 'started' }>[];
  readonly queues: QueueSender;
  readonly functions: FunctionInvoker;
  readonly notices: NoticeSender;
  readonly partners: PartnerCaller;
  /** What the partner answers, in order; then 202. */
  readonly statuses: (number | undefined)[];
  /** Approvers whom nobody would tell, and why. */
  readonly unread: Map<string, string>;
  readonly noticed: readonly Notice[];
  readonly posted: readonly { readonly url: string; readonly body: string }[];
  readonly messages: readonly QueueMessage[];
  readonly invocations: readonly { readonly functionName: string; readonly payload: string }[];
}

/** SQS, Lambda, SNS and partners in memory. */
export function fakeStarts(): FakeStarts {
  const faults: FakeStarts['faults'] = [];
  const messages: QueueMessage[] = [];
  const invocations: { functionName: string; payload: string }[] = [];
  const noticed: Notice[] = [];
  const posted: { url: string; body: string }[] = [];
  const statuses: (number | undefined)[] = [];
  const unread = new Map<string, string>();
  const start = (receipt: string, take: () => void): StartAnswer => {
    const fault = faults.shift();
    if (fault !== undefined) return fault;
    take();
    return { answer: 'started', receipt };
  };
  return {
    faults,
    noticed,
    posted,
    statuses,
    messages,
    invocations,
    unread,
    notices: {
      whyUnread: async ({ approver = '' }) => unread.get(approver),
      send: async (notice) => start(`notice-${noticed.length + 1}`, () => noticed.push(notice)),
    },
    partners: {
      async post({ url, body }) {
        posted.push({ url, body });
        return { status: statuses.length === 0 ? 202 : statuses.shift() };
      },
    },
    queues: { send: async (message) => start(`message-${messages.length + 1}`, () => messages.push(message)) },
    functions: {
      invoke: async (functionName, payload) =>
        start(`invocation-${invocations.length + 1}`, () => invocations.push({ functionName, payload })),
    },
  };
}

/** HMAC under keys that are their own names. */
export function fakeMac(): Mac {
  const sign = (keyId: string, message: string): Buffer => createHmac('sha256', keyId).update(message).digest();
  return {
    sign: async (keyId, message) => sign(keyId, message),
    verify: async (keyId, message, mac) => sign(keyId, message).equals(mac),
  };
}
