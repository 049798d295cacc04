/**
 * What the domain needs of the world. Adapters are in aws/, fakes in testing/; both pass the contract suites in
 * testing/.
 */
import type { Callback, OpenCallback, Operator, Reporter, Stored } from './lifecycle/callback.ts';
import type { CallbackId } from './callback-id.ts';
import type { Millis } from './millis.ts';
import type { Outcome } from './outcome.ts';
import type { SendTaskRefusal } from './send-task-errors.ts';
import type { TaskFate } from './lifecycle/task-fate.ts';
import type { TaskToken } from './task-token.ts';
import type { Work } from './kinds/work.ts';

/** Milliseconds since 1970. */
export type Clock = () => Millis;

/** Resolves after that long. */
export type Pause = (duration: Millis) => Promise<void>;

/** An outcome that did not win, recorded for the operator. */
export interface LosingOutcome {
  readonly callbackId: CallbackId;
  readonly verdict: 'late' | 'conflict' | 'rejected';
  readonly by: Reporter;
  readonly operator?: Operator | undefined;
  readonly outcome: Outcome;
  readonly at: Millis;
}

/** Rows of callbacks. Reads are consistent; every write is conditional. */
export interface CallbackStore {
  /** Writes a row that is not there yet. Returns the one that is, where there is one. */
  insert(row: Stored): Promise<Callback | undefined>;
  read(callbackId: CallbackId): Promise<Callback | undefined>;
  /**
   * The row's work, wherever it lies. Until the callback's deadline it is there.
   * @throws {BatonError} `Unavailable` where it lay apart and has been removed since
   */
  workOf(row: Callback): Promise<Work>;
  /** Replaces version `next.version - 1`. Returns the winner's row where another write was first. */
  replace(next: Callback): Promise<Callback | undefined>;
  /** Records the same outcome of the same reporter once, however often it comes. */
  recordLosingOutcome(outcome: LosingOutcome): Promise<void>;
}

/** The newest attempt of a piece of work. */
export interface LatestAttempt {
  readonly workKey: string;
  readonly epoch: number;
  readonly callbackId: CallbackId;
  /** When nobody can ask for it any more. */
  readonly expiresAtSeconds: number;
}

export interface LatestAttempts {
  read(workKey: string): Promise<LatestAttempt | undefined>;
  /** Replaces the attempt that was read, or writes the first one. Returns false where another write was first. */
  replace(next: LatestAttempt, read: LatestAttempt | undefined): Promise<boolean>;
}

/**
 * The sparse indexes: callbackIds of rows that are open, or have something due. Eventually consistent: read the row
 * before acting.
 */
export interface OpenCallbacks {
  /** What is due, the longest overdue first, of all shards. */
  due(now: Millis, limit: number): Promise<CallbackId[]>;
  /** Since when the oldest open callback is. */
  oldest(): Promise<Millis | undefined>;
  ofExecution(executionArn: string): Promise<CallbackId[]>;
  ofInstance(instanceId: string): Promise<CallbackId[]>;
}

/** What operators look at. The list is eventually consistent. */
export interface CallbackRecords {
  /**
   * Open rows: all, or those of an execution or a host. `unreadable` are rows that this version does not understand.
   */
  open(of?: {
    readonly executionArn?: string | undefined;
    readonly instanceId?: string | undefined;
  }): Promise<{ readonly rows: OpenCallback[]; readonly unreadable: CallbackId[] }>;
  /** Outcomes that did not win, the oldest first. */
  losingOutcomes(callbackId: CallbackId): Promise<LosingOutcome[]>;
}

export type TaskAnswer = { readonly answer: 'accepted' } | SendTaskRefusal;

/** Step Functions' SendTask*. One call is one attempt (L1). Never rejects: a failure is an answer. */
export interface TaskClient {
  /** SendTaskSuccess or SendTaskFailure. */
  completeTask(token: TaskToken, outcome: Outcome): Promise<TaskAnswer>;
  heartbeat(token: TaskToken): Promise<TaskAnswer>;
}

/** What Step Functions knows of executions. Scarce calls: ask in doubt only. Never rejects. */
export interface Executions {
  fateOf(executionArn: string, token: TaskToken): Promise<TaskFate>;
}

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

/** A message that was taken from a queue. It comes again when its visibility is over, unless it is removed before. */
export interface PolledMessage {
  readonly messageId: string;
  readonly body: string;
  readonly receiptHandle: string;
}

/** A queue as a loop outside Lambda polls it. */
export interface PolledQueue {
  /**
   * Waits for the next message. A network that is lost is waited for.
   * @returns none when no message came for a while, and once `ends` is aborted; a message whose answer is then lost comes again
   * @throws {BatonError} `Misconfigured` where SQS refuses
   */
  receive(ends: AbortSignal): Promise<readonly PolledMessage[]>;
  /** Hides the message for `seconds`; 0 makes it visible at once. Never rejects: should it fail, the message comes again. */
  hide(message: PolledMessage, seconds: number): Promise<void>;
  /** Never rejects: should it fail, the message comes again, and its report is a duplicate. */
  remove(message: PolledMessage): Promise<void>;
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

export interface Invocation {
  readonly status: string;
  readonly statusDetails: string;
  /** The end of what the command wrote to stderr. */
  readonly stderr: string;
}

export interface CommandObserver {
  /** From the command's Comment. Undefined: not a command of Baton's. */
  callbackIdOf(commandId: string): Promise<CallbackId | undefined>;
  invocation(commandId: string, instanceId: string): Promise<Invocation | undefined>;
  /** Best effort: SSM promises nothing either. */
  cancel(commandId: string): Promise<void>;
}

/** One line: plain values, never a token, an output or raw input (L3). `alarm` is for a person to look at. */
export type Log = (level: 'info' | 'alarm', message: string, facts: Readonly<Record<string, unknown>>) => void;
