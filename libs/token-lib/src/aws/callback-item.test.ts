import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Callback } from '../lifecycle/callback.ts';
import { dispatched, notStarted, supersede } from '../lifecycle/dispatch.ts';
import { grantClaim, heartbeat } from '../lifecycle/run.ts';
import { report, told } from '../lifecycle/settle.ts';
import { failure, success } from '../wire/outcome.ts';
import { RETENTION_SECONDS } from '../lifecycle/policy.ts';
import { EXECUTION_ARN, INSTANCE_ID, nextOf, RUN_ID, sampleRow, START, tokenText } from '../testing/samples.ts';
import { callbackItem, callbackOf, SHARDS } from './callback-item.ts';

const stored = sampleRow();
const sent = nextOf(dispatched(stored, 'command-1'));
const settling = nextOf(report(sent, { from: { by: 'observer' }, outcome: success(1), at: START }));
const settled = nextOf(told(settling, { answer: 'accepted' }, START));
const cancelling = nextOf(supersede(sent, START));
const closed = nextOf(notStarted(stored, failure('Baton.HostNotAvailable', ''), START));

const wiring = JSON.parse(
  readFileSync(new URL('../../../../terraform/modules/platform/wiring/table.json', import.meta.url), 'utf8'),
) as { timeToLiveAttribute: string; indexes: Record<string, { partitionKey: { name: string } }> };
const index = (name: string): string => wiring.indexes[name]!.partitionKey.name;

describe('the item of a row', () => {
  it.each<[string, Callback]>([
    ['stored', stored],
    ['sent', sent],
    ['settling', settling],
  ])('%s has its token, stands in every index, and never expires', (_, row) => {
    const item = callbackItem(row);
    expect(item.token).toEqual({ S: tokenText('first') });
    expect(item[index('byExecution')]).toEqual({ S: EXECUTION_ARN });
    expect(item[index('byInstance')]).toEqual({ S: INSTANCE_ID });
    expect(item[index('due')]).toBeDefined();
    expect(item[index('open')]).toBeDefined();
    expect(item).not.toHaveProperty(wiring.timeToLiveAttribute);
  });

  it.each<[string, Callback, boolean]>([
    ['settled', settled, false],
    ['closed', closed, false],
    ['closed with something to cancel', cancelling, true],
  ])('%s has no token (L3), expires, and stands among the due only as long as it is', (_, row, due) => {
    const item = callbackItem(row);
    expect(JSON.stringify(item)).not.toContain(tokenText('first'));
    expect(item).not.toHaveProperty(index('byExecution'));
    expect(item).not.toHaveProperty(index('byInstance'));
    expect(item).not.toHaveProperty(index('open'));
    expect(index('due') in item).toBe(due);
    expect(item[wiring.timeToLiveAttribute]).toEqual({ N: String(START / 1000 + RETENTION_SECONDS) });
  });

  it.each([
    ['deep', JSON.parse(`{"a":${'['.repeat(900)}${']'.repeat(900)}}`) as Record<string, unknown>],
    ['of numbers beyond DynamoDB’s', { big: 1e308, small: 5e-324 }],
  ])('takes progress %s, and gives it back', (_, progress) => {
    const row = nextOf(grantClaim(sent, { runId: RUN_ID, commandId: 'command-1', bootId: 'boot' }, START));
    const beating = nextOf(heartbeat(row, { runId: RUN_ID, progress }, START));
    const item = callbackItem(beating);
    expect(item['run']?.M?.['progress']).toEqual({ S: JSON.stringify(progress) });
    expect(callbackOf(item).run?.progress).toEqual(progress);
  });

  it('is spread over all shards', () => {
    const shards = Array.from({ length: 200 }, (_, name) => callbackItem(sampleRow(String(name)))[index('open')]?.S);
    expect(new Set(shards).size).toBe(SHARDS);
  });

  it('that this version does not understand is nobody’s bad request', () => {
    const item = { ...callbackItem(stored), state: { S: 'Paused' } };
    expect(() => callbackOf(item)).toThrow(expect.objectContaining({ code: 'Unavailable' }) as Error);
  });
});
