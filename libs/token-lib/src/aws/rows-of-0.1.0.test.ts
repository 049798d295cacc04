/**
 * Rows in flight outlive a release: rows-0.1.0.jsonl holds items of every kind in every state, written by the code of
 * release 0.1.0. They are never written anew.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Callback, isOpen } from '../lifecycle/callback.ts';
import { grantClaim, heartbeat } from '../lifecycle/run.ts';
import { dispatched, supersede } from '../lifecycle/dispatch.ts';
import { report, tellAgain, told } from '../lifecycle/settle.ts';
import { countVote } from '../lifecycle/vote.ts';
import { success } from '../wire/outcome.ts';
import { nextOf, RUN_ID, START, workIn } from '../testing/samples.ts';
import type { Item } from './attribute-values.ts';
import { callbackItem, callbackOf, latestAttemptItem, losingOutcomeItem } from './callback-item.ts';
import { losingOutcomeOf } from './dynamodb-callback-records.ts';
import { latestAttemptOf } from './dynamodb-latest-attempts.ts';

const lines = readFileSync(new URL('./rows-0.1.0.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');
const fixtures = lines.map((line) => JSON.parse(line) as { name: string; item: Item });
const rows = fixtures.filter(({ item }) => item['sk']?.S === 'callback').map(({ name, item }) => [name, item] as const);
const itemOf = (name: string): Item => fixtures.find((fixture) => fixture.name === name)!.item;
const withoutWriteId = ({ writeId: _, ...item }: Item): Item => item;
const later = START + 100_000;

it('there is a row of each kind in each state', () => {
  const seen = new Set(rows.map(([name]) => name.replace(/,.*/, '')));
  for (const kind of ['ssm', 'queue', 'lambda', 'approval', 'webhook'])
    for (const state of ['Stored', 'Dispatched', 'Settling', 'Settled', 'Gone'])
      expect(seen).toContain(`${kind} ${state}`);
});

describe.each(rows)('a row of 0.1.0: %s', (_, item) => {
  const row = callbackOf(item);

  it('is read, and written back as 0.1.0 reads it', () => {
    expect(callbackItem(row)).toEqual(withoutWriteId(item));
    expect(row.terms).toMatchObject({ kind: workIn(row).kind, timeoutSeconds: 3600 });
  });

  it('is closed by an outcome, unless it is closed', () => {
    if (!isOpen(row)) return expect(row).not.toHaveProperty('token');
    const decided = nextOf(row.state === 'Settling' ? tellAgain(row, later) : report(row, operator(success(1))));
    const closed = nextOf(told(decided, { answer: 'accepted' }, later));
    expect(closed.state).toBe('Settled');
    expect(callbackOf(callbackItem(closed))).toEqual(closed);
    expect(callbackItem(closed)).not.toHaveProperty('token');
  });
});

const operator = (outcome: ReturnType<typeof success>) =>
  ({ from: { by: 'operator', operator: { who: 'jane', why: 'test' } }, outcome, at: later }) as const;
const read = (name: string): Callback => callbackOf(itemOf(name));

describe('work that 0.1.0 has dispatched', () => {
  it.each(['ssm', 'queue', 'lambda'])('of kind %s goes on: a start, a sign of life, an outcome', (kind) => {
    const sent = nextOf(dispatched(read(`${kind} Stored`), 'receipt-1'));
    const running =
      kind === 'ssm' ? nextOf(grantClaim(sent, { runId: RUN_ID, commandId: 'receipt-1', bootId: 'b' }, later)) : sent;
    const runId = kind === 'ssm' ? RUN_ID : undefined;
    const beating = nextOf(heartbeat(running, { runId, progress: { done: 1 } }, later));
    expect(callbackOf(callbackItem(beating)).run).toMatchObject({ lastContactAt: later, progress: { done: 1 } });
    const settling = nextOf(report(beating, { from: { by: 'worker', runId }, outcome: success(1), at: later }));
    expect(callbackOf(callbackItem(settling))).toEqual(settling);
  });

  it('takes the vote that was missing', () => {
    const row = read('approval Dispatched, one vote');
    const decided = countVote(row, workIn(row), { approver: 1, decision: 'approved', at: START + 1 });
    expect(decided.answer).toBe('decides');
    expect(callbackOf(callbackItem(nextOf(decided))).votes).toHaveLength(2);
  });

  it('is superseded', () => {
    const gone = nextOf(supersede(read('ssm Dispatched'), later));
    expect(callbackOf(callbackItem(gone))).toMatchObject({ state: 'Gone', reason: 'superseded' });
  });
});

it('what 0.1.0 kept beside the rows is read: the newest attempt, and outcomes that did not win', () => {
  expect(latestAttemptItem(latestAttemptOf(itemOf('head')))).toEqual(itemOf('head'));
  for (const name of ['kept late', 'kept conflict'])
    expect(losingOutcomeItem(losingOutcomeOf(itemOf(name)))).toEqual(itemOf(name));
});

it.each([
  ['approval', 'person'],
  ['webhook', 'partner'],
  ['queue', 'worker'],
])('an outcome of kind %s is the word of a %s, for which 0.1.0 says worker', (kind, by) => {
  const row = read(`${kind} Settled`);
  expect(row).toMatchObject({ by });
  expect(callbackItem(row)['by']).toEqual({ S: 'worker' });
  expect(callbackItem({ ...row, schema: 2 })['by']).toEqual({ S: by });
});

describe('a row that a newer release has written to', () => {
  const newer: Item = {
    ...callbackItem(read('ssm Dispatched, heard of')),
    flavour: { S: 'new' },
    counts: { NS: ['1', '2'] },
  };
  newer['run'] = { M: { ...newer['run']!.M, host: { S: 'a' } } };
  newer['work'] = { M: { ...newer['work']!.M, priority: { N: '3' } } };
  newer['context'] = { M: { ...newer['context']!.M, machine: { S: 'm' } } };

  it('keeps what is unknown here through read, replace and close', () => {
    const row = callbackOf(newer);
    expect(callbackItem(row)).toEqual(newer);
    const settling = nextOf(report(row, { from: { by: 'worker', runId: RUN_ID }, outcome: success(1), at: later }));
    const settled = callbackItem(nextOf(told(settling, { answer: 'accepted' }, later)));
    expect(settled).toMatchObject({ flavour: { S: 'new' }, counts: { NS: ['1', '2'] } });
    expect(settled['run']?.M).toHaveProperty('host');
    expect(settled['work']?.M).toHaveProperty('priority');
    expect(settled['context']?.M).toHaveProperty('machine');
  });

  it('is not touched where its schema is unknown here', () => {
    expect(() => callbackOf({ ...newer, schema: { N: '3' } })).toThrow(/schema/);
  });
});
