/**
 * A callback: one task token being waited on.
 *
 *   Stored -> Dispatched -> Settling -> Settled | Gone        (every open state may also go to Gone at once)
 *
 * The schemas describe the row as the store reads it. Open states have the token, closed ones cannot (L3). `dueAt` is when
 * the reconciler looks at the row unless something happens first: every open row has one, so none is forgotten (L6).
 *
 * Rows outlive releases. A row keeps the `schema` that it was created with, and whatever another release has added to it:
 * unknown attributes in `foreign`, unknown fields of an attribute in place (loose objects).
 */
import * as z from 'zod/mini';
import { CallbackId } from '../wire/callback-id.ts';
import { DispatchContext } from './dispatch-context.ts';
import { Outcome } from '../wire/outcome.ts';
import { RunId } from '../wire/reports.ts';
import { TaskToken } from '../wire/task-token.ts';
import { WorkSecretHash } from '../wire/work-secret.ts';
import { StoredWork, WorkTerms } from '../kinds/work.ts';

const millis = z.number();

/** A stored object that keeps fields which this release does not know. */
function carrying<S extends z.core.$ZodShape>(shape: S): z.ZodMiniType<z.infer<z.ZodMiniObject<S, z.core.$strip>>> {
  return z.looseObject(shape);
}

const StoredToken = z.pipe(
  z.string(),
  z.transform((text: string) => TaskToken.parse(text)),
);

/**
 * One run of the work: from the claim on, or, for work that is not claimed, from the first heartbeat on. A released run is
 * known to have ended.
 */
export const Run = carrying({
  /** Absent for work that is not claimed. */
  runId: z.optional(RunId),
  bootId: z.optional(z.string()),
  claimedAt: millis,
  lastContactAt: millis,
  progress: z.optional(z.record(z.string(), z.unknown())),
  releasedAt: z.optional(millis),
});
export type Run = z.infer<typeof Run>;

/** Who settled a callback by hand, and why. */
export const Operator = carrying({ who: z.string(), why: z.string() });
export type Operator = z.infer<typeof Operator>;

/** One approver's vote. */
export const Vote = carrying({
  approver: z.string(),
  decision: z.enum(['approved', 'denied']),
  comment: z.optional(z.string()),
  at: millis,
});
export type Vote = z.infer<typeof Vote>;

/** An approver whom the question did not reach: their mail was refused, bounced, or they took it for spam. */
export const Unreached = carrying({ approver: z.string(), why: z.string(), at: millis });
export type Unreached = z.infer<typeof Unreached>;

const core = {
  callbackId: CallbackId,
  /** The format of the stored row. 1 is that of release 0.1.0, whose rows have no number. */
  schema: z.literal([1, 2]),
  /** Attributes that this release does not know, kept as they are. */
  foreign: z.optional(z.record(z.string(), z.unknown())),
  /** Counts the writes of the row. A write is conditional on the version before, so the second of two writers loses. */
  version: z.number(),
  context: carrying(DispatchContext.shape),
  terms: carrying(WorkTerms.shape),
  /** `apart` if the work is stored in an item of its own. `CallbackStore.workOf` returns it in either case. */
  work: z.union([z.literal('apart'), StoredWork]),
  /**
   * Present if a secret travels with the work, which its reports must show. Absent for hosts, people and partners, and in
   * rows of releases that sent none: their work is reported by the callbackId alone.
   */
  workSecretHash: z.optional(WorkSecretHash),
  workKey: z.string(),
  createdAt: millis,
  /** When the task times out, as far as Baton knows. Nothing is settled by it (L4). */
  deadline: millis,
  /** The callback of the previous attempt, whose run must end before this one's may begin (L7). */
  supersedes: z.optional(CallbackId),
  run: z.optional(Run),
  /** Approvals only, in order of arrival. */
  votes: z.optional(z.array(Vote)),
  unreached: z.optional(z.array(Unreached)),
  /** EC2 has announced that it will interrupt the Spot host. */
  hostWarning: z.optional(carrying({ action: z.string(), at: millis })),
  /** Present if an operator settled the callback. */
  operator: z.optional(Operator),
};

/** Who reported the outcome; a person is an approver. */
export const Reporter = z.enum(['worker', 'person', 'partner', 'observer', 'operator']);
export type Reporter = z.infer<typeof Reporter>;

/** Durable, and being dispatched: `dueAt` is the end of the dispatcher's lease (L5). */
export const Stored = z.object({ ...core, state: z.literal('Stored'), token: StoredToken, dueAt: millis });
export type Stored = z.infer<typeof Stored>;

export const Dispatched = z.object({
  ...core,
  state: z.literal('Dispatched'),
  token: StoredToken,
  /** Identifies the started work where it runs, e.g. the SSM command id or the SQS message id. */
  receipt: z.string(),
  /** An observer saw the work end; the worker's own report may still come. */
  observed: z.optional(carrying({ status: z.string(), at: millis })),
  dueAt: millis,
});
export type Dispatched = z.infer<typeof Dispatched>;

/**
 * The outcome is stored. Step Functions has been told `attempts` times (L1). With `lease`, somebody is telling it right now and has
 * until `dueAt`; without, the next attempt is due then, and whoever made the last one has asked for a reminder.
 */
export const Settling = z.object({
  ...core,
  state: z.literal('Settling'),
  token: StoredToken,
  receipt: z.optional(z.string()),
  outcome: Outcome,
  by: Reporter,
  decidedAt: millis,
  attempts: z.number(),
  /** Of the attempts, those that Step Functions cannot have taken. */
  notTaken: z.optional(z.number()),
  lease: z.optional(z.boolean()),
  dueAt: millis,
});
export type Settling = z.infer<typeof Settling>;

/** Step Functions accepted the outcome. */
export const Settled = z.object({
  ...core,
  state: z.literal('Settled'),
  receipt: z.optional(z.string()),
  outcome: Outcome,
  by: Reporter,
  closedAt: millis,
});
export type Settled = z.infer<typeof Settled>;

export const GoneReason = z.enum([
  /** Step Functions had closed the task: it timed out, or its branch or execution ended. */
  'task-closed',
  /** The whole execution has ended. */
  'execution-ended',
  /** A newer attempt of the same work has taken over. */
  'superseded',
  /** The work could not be started; `outcome` says why. */
  'not-started',
  /** Step Functions refuses the token or the outcome; for the operator. */
  'rejected',
]);
export type GoneReason = z.infer<typeof GoneReason>;

/** For workers and people. */
export const GONE_REASONS: Readonly<Record<GoneReason, string>> = {
  'task-closed': 'Step Functions has closed the task',
  'execution-ended': 'the execution has ended',
  superseded: 'a newer attempt of the same work has taken over',
  'not-started': 'the work could not be started',
  rejected: 'Step Functions refuses the task token or the outcome',
};

/**
 * Closed without an outcome that Step Functions accepted. `dueAt` is when a command that may still run is cancelled.
 */
export const Gone = z.object({
  ...core,
  state: z.literal('Gone'),
  reason: GoneReason,
  receipt: z.optional(z.string()),
  outcome: z.optional(Outcome),
  closedAt: millis,
  dueAt: z.optional(millis),
});
export type Gone = z.infer<typeof Gone>;

export const Callback = z.discriminatedUnion('state', [Stored, Dispatched, Settling, Settled, Gone]);
export type Callback = z.infer<typeof Callback>;
/** Nobody has said yet how the work ended. */
export type Undecided = Stored | Dispatched;
export type Decided = Settling | Settled | Gone;
export type OpenCallback = Undecided | Settling;
export type CallbackCore = Pick<Callback, keyof typeof core>;

/** The attributes of all states. */
export const CALLBACK_ATTRIBUTES: ReadonlySet<string> = new Set(
  [Stored, Dispatched, Settling, Settled, Gone].flatMap(({ shape }) => Object.keys(shape)),
);

export const isOpen = (callback: Callback): callback is OpenCallback => 'token' in callback;

export const isUndecided = (callback: Callback): callback is Undecided =>
  callback.state === 'Stored' || callback.state === 'Dispatched';

/** Returns the row under the version of its next write. */
export const nextVersion = <Row extends Callback>(row: Row): Row => ({ ...row, version: row.version + 1 });

/** Returns what every state has, without what only the present one has, under the version of the next write. */
export function nextCore(callback: Callback): CallbackCore {
  const { callbackId, schema, foreign, version, context, terms, work, workKey, createdAt, deadline } = callback;
  const { supersedes, run, votes, unreached, hostWarning, operator, workSecretHash } = callback;
  return {
    callbackId,
    schema,
    foreign,
    version: version + 1,
    context,
    terms,
    work,
    workSecretHash,
    workKey,
    createdAt,
    deadline,
    supersedes,
    run,
    votes,
    unreached,
    hostWarning,
    operator,
  };
}

export const receiptOf = (callback: Callback): string | undefined =>
  callback.state === 'Stored' ? undefined : callback.receipt;
