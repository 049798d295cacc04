/** What starting work needs of the world: a part of ports.ts, which the kinds can see without seeing rows. */
import type { CallbackId } from '../wire/callback-id.ts';
import type { Millis } from '../wire/millis.ts';

/** Resolves after that long. */
export type Pause = (duration: Millis) => Promise<void>;

export interface Command {
  readonly callbackId: CallbackId;
  readonly instanceId: string;
  readonly timeoutSeconds: number;
}

export type SendAnswer =
  | { readonly answer: 'sent'; readonly commandId: string }
  /** It will never start. */
  | {
      readonly answer: 'refused';
      readonly code: 'HostNotAvailable' | 'NotAuthorized' | 'InvalidRequest';
      readonly why: string;
    }
  /** SSM was asked too often: it has not been sent. */
  | { readonly answer: 'throttled'; readonly why: string }
  /** It may have been sent: look before sending again (L5). */
  | { readonly answer: 'unknown'; readonly why: string };

export interface CommandSender {
  /** One call is one attempt. Never rejects. */
  send(command: Command): Promise<SendAnswer>;
  /** The command that was sent for a callback since then. */
  find(callbackId: CallbackId, since: Millis): Promise<string | undefined>;
}

/** What became of handing work to AWS or to a partner. Nobody rejects: a failure is an answer. */
export type StartAnswer =
  /** `receipt` is what it is called there, e.g. the message id. */
  | { readonly answer: 'started'; readonly receipt: string }
  /** It will never start. */
  | {
      readonly answer: 'refused';
      readonly code: 'TargetNotFound' | 'NotAuthorized' | 'InvalidRequest';
      readonly why: string;
    }
  /** Not now, or nobody knows: it may be handed over once more, for whoever gets it twice reports once (L2). */
  | { readonly answer: 'again'; readonly why: string };

export interface QueueMessage {
  readonly queueUrl: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Of a FIFO queue. */
  readonly fifo?: { readonly groupId: string; readonly deduplicationId: string } | undefined;
}

export interface QueueSender {
  send(message: QueueMessage): Promise<StartAnswer>;
}

/** A message to one person, or to whoever tells them. */
export interface Notice {
  readonly subject: string;
  readonly text: string;
  /** What subscribers filter by. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface NoticeSender {
  send(notice: Notice): Promise<StartAnswer>;
}

export interface PartnerCaller {
  /** `status` is undefined where no answer came. Never rejects. */
  post(request: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }): Promise<{ readonly status: number | undefined; readonly why?: string }>;
}

export interface FunctionInvoker {
  /** Asynchronous (Event): Lambda answers when it has queued it. */
  invoke(functionName: string, payload: string): Promise<StartAnswer>;
}
