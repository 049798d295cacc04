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
  /** SSM throttled the call: the command was not sent. */
  | { readonly answer: 'throttled'; readonly why: string }
  /** The command may have been sent: look it up before sending it again (L5). */
  | { readonly answer: 'unknown'; readonly why: string };

export interface CommandSender {
  /** Makes one attempt. Never rejects. */
  send(command: Command): Promise<SendAnswer>;
  /** Returns the id of the command that was sent for a callback since then, if any. */
  find(callbackId: CallbackId, since: Millis): Promise<string | undefined>;
}

/** The result of handing work to AWS or to a partner. These ports never reject: a failure is an answer. */
export type StartAnswer =
  /** `receipt` identifies it there, e.g. the message id. */
  | { readonly answer: 'started'; readonly receipt: string }
  /** It will never start. */
  | {
      readonly answer: 'refused';
      readonly code: 'TargetNotFound' | 'NotAuthorized' | 'InvalidRequest';
      readonly why: string;
    }
  /** Not taken, or not known: try again. Work that arrives twice is settled once (L2). */
  | { readonly answer: 'again'; readonly why: string };

export interface QueueMessage {
  readonly queueUrl: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** From 0 to 900; never of a FIFO queue. */
  readonly delaySeconds?: number;
  /** Of a FIFO queue. */
  readonly fifo?: { readonly groupId: string; readonly deduplicationId: string } | undefined;
}

export interface QueueSender {
  send(message: QueueMessage): Promise<StartAnswer>;
}

/** A message to one person, sent through a topic. */
export interface Notice {
  readonly subject: string;
  readonly text: string;
  /** Message attributes that subscriptions filter by. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface NoticeSender {
  /**
   * Returns why nobody would hand a notice with these attributes to the person; undefined where somebody would, or where it could not be learned.
   * Never rejects.
   */
  whyUnread(attributes: Notice['attributes']): Promise<string | undefined>;
  send(notice: Notice): Promise<StartAnswer>;
}

export type PartnerAnswer =
  /** `status` is undefined where no answer came. */
  | { readonly status: number | undefined; readonly why?: string }
  /** Nothing was sent: the platform does not send to this address. The sentence says why, and how to allow it. */
  | { readonly refused: string };

export interface PartnerCaller {
  /** Never rejects. */
  post(request: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }): Promise<PartnerAnswer>;
}

export interface FunctionInvoker {
  /** Asynchronous (Event): Lambda answers when it has queued it. */
  invoke(functionName: string, payload: string): Promise<StartAnswer>;
}
