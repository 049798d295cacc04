import type { Callback } from '@baton/token-lib';
import type { Verb } from './verb.ts';

const time = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString();

/** What may be shown of a callback: neither its token nor an output. */
export function statusOf(row: Callback): object {
  const { callbackId, state, context, terms, run } = row;
  const outcome = 'outcome' in row ? row.outcome : undefined;
  return {
    callbackId,
    state,
    reason: row.state === 'Gone' ? row.reason : undefined,
    outcome: outcome && { type: outcome.type, error: outcome.type === 'failure' ? outcome.error : undefined },
    executionArn: context.executionArn,
    stateName: context.state,
    attempt: context.retryCount,
    kind: terms.kind,
    createdAt: time(row.createdAt),
    deadline: time(row.deadline),
    claimedAt: time(run?.claimedAt),
    lastContactAt: time(run?.lastContactAt),
    progress: run?.progress,
  };
}

export const statusVerb: Verb = async (_ports, row) => ({ status: 200, body: statusOf(row) });
