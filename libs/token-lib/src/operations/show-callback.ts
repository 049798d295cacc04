import type { CallbackId } from '../wire/callback-id.ts';
import type { Callback, GoneReason } from '../lifecycle/callback.ts';
import type { Millis } from '../wire/millis.ts';
import type { CallbackRecords, CallbackStore, LatestAttempts } from '../ports.ts';
import { type CallbackView, losingView, type LosingView, viewOf } from './callback-view.ts';

/** The whole life of one callback: what it is, what happened to it, the other attempts of its work, the losing outcomes. */
export interface LifeView extends CallbackView {
  /** Every attempt of the same work, the first one first. */
  readonly attempts: readonly AttemptView[];
  /** Outcomes that came too late, or after another one. */
  readonly kept: readonly LosingView[];
}

export interface AttemptView {
  readonly epoch: number;
  readonly callbackId: string;
  readonly state: string;
  readonly goneReason?: GoneReason | undefined;
  readonly createdAt: string;
}

export interface ShowPorts {
  readonly store: CallbackStore;
  readonly latestAttempts: LatestAttempts;
  readonly records: Pick<CallbackRecords, 'losingOutcomes'>;
}

export async function showCallback(ports: ShowPorts, row: Callback, now: Millis): Promise<LifeView> {
  const [attempts, kept] = await Promise.all([attemptsOf(ports, row), ports.records.losingOutcomes(row.callbackId)]);
  return {
    ...viewOf(row, now),
    attempts: attempts.map((attempt) => attemptView(attempt, now)),
    kept: kept.map(losingView),
  };
}

function attemptView(row: Callback, now: Millis): AttemptView {
  const { attempt, callbackId, state, goneReason, createdAt } = viewOf(row, now);
  return { epoch: attempt.epoch, callbackId, state, goneReason, createdAt };
}

/** From the newest attempt, each one names the one before. Work without a mapIndex in a Map has rows beside that chain. */
async function attemptsOf({ store, latestAttempts }: ShowPorts, row: Callback): Promise<Callback[]> {
  const latest = await latestAttempts.read(row.workKey);
  const attempts = await chain(store, latest?.callbackId);
  const found = attempts.some(({ callbackId }) => callbackId === row.callbackId);
  return (found ? attempts : await chain(store, row.callbackId)).reverse();
}

async function chain(store: CallbackStore, newest: CallbackId | undefined): Promise<Callback[]> {
  const rows: Callback[] = [];
  for (let next = newest; next !== undefined;) {
    const row: Callback | undefined = await store.read(next);
    if (row === undefined) break;
    rows.push(row);
    next = row.supersedes;
  }
  return rows;
}
