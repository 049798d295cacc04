/**
 * A callback as people and scripts may see it: the shape of `baton callbacks ... --json`, documented in the README of
 * apps/baton. Fields are picked one by one, so that a token (L3), the run's id (who knows it may report) and a job's
 * environment stay out whatever a row gains later.
 */
import { type Callback, type GoneReason, receiptOf } from '../lifecycle/callback.ts';
import type { Outcome } from '../wire/outcome.ts';
import type { LosingOutcome } from '../ports.ts';

export interface OutcomeView {
  readonly type: 'success' | 'failure';
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
  /** `worker`, `person` (an approver), `partner`, `observer` or `operator`. */
  readonly by?: string | undefined;
  readonly operator?: { readonly who: string; readonly why: string } | undefined;
}

export interface CallbackView {
  readonly callbackId: string;
  readonly state: Callback['state'];
  readonly goneReason?: GoneReason | undefined;
  readonly execution: {
    readonly arn: string;
    readonly stateName: string;
    readonly enteredTime: string;
    readonly redriveCount: number;
    readonly mapIndex?: number | undefined;
  };
  readonly attempt: { readonly workKey: string; readonly epoch: number; readonly supersedes?: string | undefined };
  readonly work: {
    readonly kind: string;
    readonly host?: string | undefined;
    readonly summary: string;
    readonly timeoutSeconds: number;
    /** Of work whose state has one. */
    readonly heartbeatSeconds?: number | undefined;
    /** Approvals only: how many must approve. */
    readonly needed?: number | undefined;
  };
  readonly commandId?: string | undefined;
  readonly createdAt: string;
  readonly ageSeconds: number;
  readonly deadline: string;
  readonly claim?: ClaimView | undefined;
  readonly hostWarning?: { readonly action: string; readonly at: string } | undefined;
  readonly observed?: { readonly status: string; readonly at: string } | undefined;
  /** Approvals only, in order of arrival. */
  readonly votes?: readonly VoteView[] | undefined;
  /** Approvers whom the question did not reach. */
  readonly unreached?: readonly { readonly approver: string; readonly why: string; readonly at: string }[] | undefined;
  readonly outcome?: OutcomeView | undefined;
  /** How often Step Functions has been told, while it has not answered for good. */
  readonly toldAttempts?: number | undefined;
  /** When the reconciler looks at it, if nothing happens before. */
  readonly dueAt?: string | undefined;
  readonly closedAt?: string | undefined;
}

export interface ClaimView {
  readonly claimedAt: string;
  readonly bootId?: string | undefined;
  readonly lastHeartbeatAt: string;
  readonly progress?: Readonly<Record<string, unknown>> | undefined;
  /** When the run was known to be over. */
  readonly releasedAt?: string | undefined;
}

export interface VoteView {
  readonly approver: string;
  readonly decision: string;
  readonly comment?: string | undefined;
  readonly at: string;
}

export interface LosingView extends OutcomeView {
  readonly verdict: LosingOutcome['verdict'];
  readonly at: string;
}

const time = (at: number): string => new Date(at).toISOString();
const timeOf = (at: number | undefined): string | undefined => (at === undefined ? undefined : time(at));
const stamped = <T extends { readonly at: number }>(seen: T | undefined) => seen && { ...seen, at: time(seen.at) };

export function viewOf(row: Callback, now: number): CallbackView {
  const { callbackId, state, context, terms, workKey, createdAt, deadline, supersedes } = row;
  const { executionArn, state: stateName, enteredTime, redriveCount, retryCount, mapIndex } = context;
  return {
    callbackId,
    state,
    goneReason: row.state === 'Gone' ? row.reason : undefined,
    execution: { arn: executionArn, stateName, enteredTime, redriveCount, mapIndex },
    attempt: { workKey, epoch: retryCount, supersedes },
    work: {
      kind: terms.kind,
      host: terms.instanceId,
      summary: terms.summary,
      timeoutSeconds: terms.timeoutSeconds,
      heartbeatSeconds: terms.heartbeatSeconds,
      needed: terms.needed,
    },
    commandId: receiptOf(row),
    createdAt: time(createdAt),
    ageSeconds: Math.max(0, Math.floor((now - createdAt) / 1000)),
    deadline: time(deadline),
    claim: claimOf(row),
    hostWarning: stamped(row.hostWarning),
    observed: row.state === 'Dispatched' ? stamped(row.observed) : undefined,
    votes: row.votes?.map(({ approver, decision, comment, at }) => ({ approver, decision, comment, at: time(at) })),
    unreached: row.unreached?.map(({ approver, why, at }) => ({ approver, why, at: time(at) })),
    outcome: outcomeOfRow(row),
    toldAttempts: row.state === 'Settling' ? row.attempts : undefined,
    dueAt: row.state === 'Settled' ? undefined : timeOf(row.dueAt),
    closedAt: row.state === 'Settled' || row.state === 'Gone' ? time(row.closedAt) : undefined,
  };
}

export const losingView = ({ verdict, at, by, operator, outcome }: LosingOutcome): LosingView => ({
  verdict,
  at: time(at),
  ...outcomeView(outcome, by, operator),
});

function claimOf({ run }: Callback): ClaimView | undefined {
  if (run === undefined) return undefined;
  const { claimedAt, bootId, lastContactAt, progress, releasedAt } = run;
  return {
    claimedAt: time(claimedAt),
    bootId,
    lastHeartbeatAt: time(lastContactAt),
    progress,
    releasedAt: timeOf(releasedAt),
  };
}

function outcomeOfRow(row: Callback): OutcomeView | undefined {
  if (row.state === 'Stored' || row.state === 'Dispatched' || row.outcome === undefined) return undefined;
  return outcomeView(row.outcome, 'by' in row ? row.by : undefined, row.operator);
}

function outcomeView(
  outcome: Outcome,
  by: string | undefined,
  operator: { who: string; why: string } | undefined,
): OutcomeView {
  if (outcome.type === 'failure') return { ...outcome, by, operator };
  return { type: 'success', output: JSON.parse(outcome.output) as unknown, by, operator };
}
