/**
 * The items of the one table (keys and indexes: terraform/modules/platform/wiring/table.json).
 *
 *   pk = callbackId       sk = "callback"             a callback's row
 *   pk = callbackId       sk = "late#<digest>"        an outcome of it that did not win
 *   pk = "work#<workKey>" sk = "head"                 the newest attempt of a piece of work
 *
 * The indexes are sparse: their attributes stand on a row only while it is open, or has something due. `expiresAt`
 * (seconds) stands only on what is closed, so that DynamoDB's time to live can never remove a callback that is waited
 * on.
 */
import { createHash } from 'node:crypto';
import { Callback, isOpen } from '../callback.ts';
import type { CallbackId } from '../callback-id.ts';
import { parse } from '../parse.ts';
import { RETENTION_SECONDS } from '../policy.ts';
import type { KeptOutcome, WorkHead } from '../ports.ts';
import { revealTaskToken } from '../task-token.ts';
import { instanceIdOf } from '../work.ts';
import { fromItem, type Item, toItem } from './attribute-values.ts';

/** Spreads the indexes `due` and `open` over partitions, each of which takes 1,000 writes a second. */
export const SHARDS = 8;

const shardOf = (callbackId: CallbackId): string =>
  String(createHash('sha256').update(callbackId).digest().readUInt8(0) % SHARDS);

export const callbackKey = (callbackId: CallbackId) => ({ pk: { S: callbackId }, sk: { S: 'callback' } });
export const headKey = (workKey: string) => ({ pk: { S: `work#${workKey}` }, sk: { S: 'head' } });

export function callbackItem(row: Callback): Item {
  const due = 'dueAt' in row && row.dueAt !== undefined ? { dueShard: shardOf(row.callbackId) } : {};
  const open = isOpen(row)
    ? {
        token: revealTaskToken(row.token),
        openShard: shardOf(row.callbackId),
        openExecutionArn: row.context.executionArn,
        openInstanceId: instanceIdOf(row.work),
      }
    : { expiresAt: Math.floor(row.closedAt / 1000) + RETENTION_SECONDS };
  return { ...callbackKey(row.callbackId), ...toItem({ ...row, ...due, ...open, run: runItem(row) }) };
}

/** Progress as JSON text: DynamoDB refuses depths and numbers that JSON has, and no beat may fail for its progress. */
const runItem = ({ run }: Callback): object | undefined => run && { ...run, progress: JSON.stringify(run.progress) };

/** @throws {BatonError} `Unavailable` for a row that this version does not understand: not the caller's fault */
export const callbackOf = (item: Item): Callback => parse(Callback, withProgress(fromItem(item)), 'Unavailable');

function withProgress(row: Record<string, unknown>): Record<string, unknown> {
  const run = row['run'] as { progress?: unknown } | undefined;
  if (typeof run?.progress !== 'string') return row;
  return { ...row, run: { ...run, progress: JSON.parse(run.progress) as unknown } };
}

/** The same outcome of the same reporter has the same key, so that a report whose answer was lost is kept once. */
export function keptItem(kept: KeptOutcome): Item {
  const digest = createHash('sha256')
    .update(JSON.stringify([kept.verdict, kept.outcome, kept.operator]))
    .digest('hex')
    .slice(0, 16);
  const expiresAt = Math.floor(kept.at / 1000) + RETENTION_SECONDS;
  return { pk: { S: kept.callbackId }, sk: { S: `late#${digest}` }, ...toItem({ ...kept, expiresAt }) };
}

export const headItem = ({ expiresAtSeconds, ...head }: WorkHead): Item => ({
  ...headKey(head.workKey),
  ...toItem({ ...head, expiresAt: expiresAtSeconds }),
});
