/**
 * What the domain needs of the world. Adapters are in aws/, fakes in testing/; both pass the contract suites in
 * testing/.
 */
import type { StartAnswer } from './kinds/start-ports.ts';
import type { Callback, OpenCallback, Operator, Reporter, Stored } from './lifecycle/callback.ts';
import type { CallbackId } from './wire/callback-id.ts';
import type { Millis } from './wire/millis.ts';
import type { Outcome } from './wire/outcome.ts';
import type { TaskAnswer } from './lifecycle/send-task-errors.ts';
import type { TaskFate } from './lifecycle/task-fate.ts';
import type { TaskToken } from './wire/task-token.ts';
import type { Work } from './kinds/work.ts';

export type * from './kinds/start-ports.ts';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Come back with what becomes of the mail. Letters, digits, `_`, `-`, `.` and `@`. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface MailSettings {
  /** A verified address, with a name before it or without. */
  readonly from: string;
  readonly configurationSet: string;
}

export type MailAnswer =
  | { readonly answer: 'sent' }
  /** This address is not sent to. */
  | { readonly answer: 'refused'; readonly why: string }
  /** Throttled, or something of the account is to be mended first. */
  | { readonly answer: 'again'; readonly why: string };

export interface MailSender {
  /** Never rejects. */
  send(mail: Mail): Promise<MailAnswer>;
}

/** Milliseconds since 1970. */
export type Clock = () => Millis;

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
  /** What is due, the longest overdue first; before all else, what has an outcome to be told. */
  due(now: Millis, limit: number): Promise<CallbackId[]>;
  /** Since when the oldest open callback is. */
  oldest(): Promise<Millis | undefined>;
  ofExecution(executionArn: string): Promise<CallbackId[]>;
  /** Those that are bound to the host: open, or closed while their run is not known to be over. */
  ofInstance(instanceId: string): Promise<CallbackId[]>;
}

/** `dueAt` moves with what is awaited; a heartbeat moves it at times only. */
export interface OpenKey {
  readonly callbackId: CallbackId;
  readonly dueAt: Millis;
}

/** Where the next page of closed rows begins. */
export type ClosedCursor = string;

/** What operators look at. The list is eventually consistent. */
export interface CallbackRecords {
  /**
   * Open rows: all, or those of an execution or a host. `unreadable` are rows that this version does not understand.
   */
  open(of?: {
    readonly executionArn?: string | undefined;
    readonly instanceId?: string | undefined;
  }): Promise<{ readonly rows: OpenCallback[]; readonly unreadable: CallbackId[] }>;
  /** Every open row as the index has it, without reading the row: a megabyte of the index holds some thousands. */
  openKeys(): Promise<OpenKey[]>;
  /** Rows by their ids, in no order; those that are not there any more are left out. */
  rows(callbackIds: readonly CallbackId[]): Promise<{ readonly rows: Callback[]; readonly unreadable: CallbackId[] }>;
  /** Closed rows, in no order, a page of the whole table at a time: no index has them. */
  closed(after?: ClosedCursor): Promise<{ readonly rows: Callback[]; readonly next: ClosedCursor | undefined }>;
  /** Outcomes that did not win, the oldest first. */
  losingOutcomes(callbackId: CallbackId): Promise<LosingOutcome[]>;
}

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

/** Brings a callback back to mind: an outcome that Step Functions did not take (L1), or a host that may have gone (L6). */
export interface Reminders {
  /** Has the callback looked at after `delay`; 15 minutes at the latest. Never rejects. */
  remind(callbackId: CallbackId, delay: Millis): Promise<StartAnswer>;
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

/** EC2, asked about a host. */
export interface Hosts {
  /** Returns EC2's word for its state, e.g. `terminated`; undefined where EC2 does not know the host. */
  stateOf(instanceId: string): Promise<string | undefined>;
}

/** One line: plain values, never a token, an output or raw input (L3). `alarm` is for a person to look at. */
export type Log = (level: 'info' | 'alarm', message: string, facts: Readonly<Record<string, unknown>>) => void;
