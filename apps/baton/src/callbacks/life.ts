/** The whole life of one callback: what it is, what happened to it, the other attempts of its work, and the outcomes that did not win. */
import type { Callback, CallbackId, CallbackRecords, CallbackStore, WorkHeads } from '@baton/token-lib';
import { type CallbackView, keptView, type KeptView, viewOf } from './view.ts';

export interface LifeView extends CallbackView {
  /** Every attempt of the same work, the first one first. */
  readonly attempts: readonly AttemptView[];
  /** Outcomes that came too late, or after another one. */
  readonly kept: readonly KeptView[];
}

export interface AttemptView {
  readonly epoch: number;
  readonly callbackId: string;
  readonly state: string;
  readonly goneReason?: string | undefined;
  readonly createdAt: string;
}

export interface LifePorts {
  readonly store: CallbackStore;
  readonly heads: WorkHeads;
  readonly records: Pick<CallbackRecords, 'kept'>;
}

export async function lifeOf(ports: LifePorts, row: Callback, now: number): Promise<LifeView> {
  const [attempts, kept] = await Promise.all([attemptsOf(ports, row), ports.records.kept(row.callbackId)]);
  return {
    ...viewOf(row, now),
    attempts: attempts.map((attempt) => attemptView(attempt, now)),
    kept: kept.map(keptView),
  };
}

function attemptView(row: Callback, now: number): AttemptView {
  const { attempt, callbackId, state, goneReason, createdAt } = viewOf(row, now);
  return { epoch: attempt.epoch, callbackId, state, goneReason, createdAt };
}

/** The work's head is its newest attempt, and each one names the one before. Work without a mapIndex in a Map has rows beside that chain. */
async function attemptsOf({ store, heads }: LifePorts, row: Callback): Promise<Callback[]> {
  const head = await heads.read(row.workKey);
  const fromHead = await chain(store, head?.callbackId);
  const found = fromHead.some(({ callbackId }) => callbackId === row.callbackId);
  return (found ? fromHead : await chain(store, row.callbackId)).reverse();
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
