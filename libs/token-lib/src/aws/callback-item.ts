/**
 * The items of the one table (keys and indexes: terraform/modules/platform/wiring/table.json).
 *
 *   pk = callbackId       sk = "callback"             a callback's row
 *   pk = callbackId       sk = "work"                 its work, where that is large: written once, read by a claim
 *   pk = callbackId       sk = "late#<digest>"        an outcome of it that did not win
 *   pk = "work#<workKey>" sk = "head"                 the newest attempt of a piece of work
 *
 * The indexes are sparse: their attributes stand on a row only while it is open, or has something due; `openInstanceId`
 * also until the host is known not to run the job any more, so that the host's end releases runs of closed rows (L7). `expiresAt`
 * (seconds) stands only on what is closed, so that DynamoDB's time to live can never remove a callback that is waited
 * on; on large work it is past the callback's deadline, after which nothing starts and nobody votes.
 *
 * A row of schema 2 has its context and its work as JSON text: as maps DynamoDB refuses what JSON allows (more than 32
 * levels, numbers from 1e126; documented, "Naming rules and data types"). A row of schema 1 (release 0.1.0) has maps, and
 * is written back as it was, so that both releases read it while one replaces the other.
 */
import { createHash } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { Callback, CALLBACK_ATTRIBUTES, isOpen, type Reporter } from '../lifecycle/callback.ts';
import type { CallbackId } from '../wire/callback-id.ts';
import { mayRunOnHost } from '../lifecycle/decision.ts';
import { BatonError } from '../wire/errors.ts';
import { parse } from '../wire/parse.ts';
import { RETENTION_SECONDS } from '../lifecycle/policy.ts';
import type { LosingOutcome, LatestAttempt } from '../ports.ts';
import { revealTaskToken } from '../wire/task-token.ts';
import { fitsInRow, StoredWork, termsOf, type Work, WorkTerms } from '../kinds/work.ts';
import { fromItem, type Item, toItem } from './attribute-values.ts';

/** Spreads the indexes `due` and `open` over partitions, each of which takes 1,000 writes a second. */
export const SHARDS = 8;

const shardOf = (callbackId: CallbackId): string =>
  String(createHash('sha256').update(callbackId).digest().readUInt8(0) % SHARDS);

/** Outcomes that are to be told have partitions of their own in `due`: they are found however much else is due. */
export const settlingShard = (shard: string): string => `settling#${shard}`;

function dueShardOf(row: Callback): string | undefined {
  if (!('dueAt' in row) || row.dueAt === undefined) return undefined;
  const shard = shardOf(row.callbackId);
  return row.state === 'Settling' && row.schema === 2 ? settlingShard(shard) : shard;
}

export const callbackKey = (callbackId: CallbackId) => ({ pk: { S: callbackId }, sk: { S: 'callback' } });
export const workKey = (callbackId: CallbackId) => ({ pk: { S: callbackId }, sk: { S: 'work' } });
export const latestAttemptKey = (workKey: string) => ({ pk: { S: `work#${workKey}` }, sk: { S: 'head' } });

export function callbackItem(row: Callback): Item {
  const open = isOpen(row)
    ? {
        token: revealTaskToken(row.token),
        openShard: shardOf(row.callbackId),
        openExecutionArn: row.context.executionArn,
        openInstanceId: row.terms.instanceId,
      }
    : {
        openInstanceId: row.schema === 2 && mayRunOnHost(row) ? row.terms.instanceId : undefined,
        expiresAt: Math.floor(row.closedAt / 1000) + RETENTION_SECONDS,
      };
  const { foreign, ...own } = row;
  return {
    ...parse(Foreign, foreign, 'Unavailable'),
    ...callbackKey(row.callbackId),
    ...toItem({ ...own, dueShard: dueShardOf(row), ...open, ...formed(row), run: runItem(row) }),
  };
}

/** The attributes that an item has beside those of the row itself. */
const ITEM_ATTRIBUTES = new Set([
  ...['pk', 'sk', 'writeId', 'expiresAt'],
  ...['dueShard', 'openShard', 'openExecutionArn', 'openInstanceId'],
]);
const Foreign = z._default(z.record(z.string(), z.custom<AttributeValue>()), {});

function formed(row: Callback): object {
  const { schema, context, terms, work } = row;
  if (schema === 1) return { schema: undefined, terms: undefined, ...('by' in row && { by: firstReporter(row.by) }) };
  const inRow = work !== 'apart' && fitsInRow(work);
  return {
    context: JSON.stringify(context),
    ...(inRow ? { terms: undefined, work: JSON.stringify(work) } : { terms, work: undefined }),
  };
}

/** In release 0.1.0 the outcomes of approvers and partners stand as a worker's. */
const firstReporter = (by: Reporter): Reporter => (by === 'person' || by === 'partner' ? 'worker' : by);

function reporterOfFirst(by: unknown, { kind }: WorkTerms): unknown {
  if (by !== 'worker') return by;
  return kind === 'approval' ? 'person' : kind === 'webhook' ? 'partner' : by;
}

/** The item of work that its row has no room for; undefined where it has. */
export function workItem({ callbackId, deadline, work }: Callback): Item | undefined {
  if (work === 'apart' || fitsInRow(work)) return undefined;
  const expiresAt = Math.ceil(deadline / 1000) + RETENTION_SECONDS;
  return { ...workKey(callbackId), ...toItem({ work: JSON.stringify(work), expiresAt }) };
}

/** @throws {BatonError} `Unavailable` for work that this release does not understand */
export const workOfItem = (item: Item): Work => parseWork(fromItem(item)['work']);

const parseWork = (text: unknown): Work =>
  parse(z.object({ work: StoredWork }), { work: json(text) }, 'Unavailable').work;

/** Progress as JSON text: DynamoDB refuses depths and numbers that JSON has, and no beat may fail for its progress. */
const runItem = ({ run }: Callback): object | undefined => run && { ...run, progress: JSON.stringify(run.progress) };

/** @throws {BatonError} `Unavailable` for a row that this release does not understand: not the caller's fault */
export function callbackOf(item: Item): Callback {
  const { schema = 1, context, terms: stored, work, run, by, ...rest } = fromItem(item);
  const terms = stored === undefined ? termsOf(parseWork(work)) : parse(WorkTerms, stored, 'Unavailable');
  const foreign = Object.entries(item).filter(([name]) => !CALLBACK_ATTRIBUTES.has(name) && !ITEM_ATTRIBUTES.has(name));
  return parse(
    Callback,
    {
      ...rest,
      schema,
      context: json(context),
      terms: stored ?? terms,
      by: schema === 1 ? reporterOfFirst(by, terms) : by,
      work: work === undefined ? 'apart' : json(work),
      run: withProgress(run),
      ...(foreign.length > 0 && { foreign: Object.fromEntries(foreign) }),
    },
    'Unavailable',
  );
}

function withProgress(run: unknown): unknown {
  if (typeof run !== 'object' || run === null || !('progress' in run)) return run;
  return { ...run, progress: json(run.progress) };
}

/** The value of JSON text; a map of schema 1 is one already. */
function json(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    // Not with what the parser says: it quotes the text (L3).
    throw new BatonError('Unavailable', 'an attribute of the row is not JSON');
  }
}

/** The same outcome of the same reporter has the same key, so that a report whose answer was lost is kept once. */
export function losingOutcomeItem(kept: LosingOutcome): Item {
  const digest = createHash('sha256')
    .update(JSON.stringify([kept.verdict, kept.outcome, kept.operator]))
    .digest('hex')
    .slice(0, 16);
  const expiresAt = Math.floor(kept.at / 1000) + RETENTION_SECONDS;
  return { pk: { S: kept.callbackId }, sk: { S: `late#${digest}` }, ...toItem({ ...kept, expiresAt }) };
}

export const latestAttemptItem = ({ expiresAtSeconds, ...head }: LatestAttempt): Item => ({
  ...latestAttemptKey(head.workKey),
  ...toItem({ ...head, expiresAt: expiresAtSeconds }),
});
