/**
 * The examples end as they should on a local AWS that is late, throttled and cut off as AWS is at times: nothing is lost, nothing
 * is done twice where once was asked for. BATON_UNKIND_SEEDS=20 takes the seeds 1 to 20.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { AwsError } from '@baton/local-aws';
import { describe, expect, test } from 'vitest';
import { startExample } from '../src/testing/index.ts';

const examples = resolve(import.meta.dirname, '../../../examples');
const wanted = process.env['BATON_UNKIND_SEEDS'];
/** One on which nothing waits for a visibility timeout, where nothing is said. */
const seeds = wanted === undefined ? [4] : Array.from({ length: Number(wanted) }, (_, index) => index + 1);
const AT_ONCE = 3;

const inputOf = (name: string): object =>
  JSON.parse(readFileSync(join(examples, name, 'input.json'), 'utf8')) as object;

/** As an SDK does: what is throttled is asked again. */
async function untilTaken<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof AwsError && error.code === 'ThrottlingException')) throw error;
      await setTimeout(100);
    }
  }
}

describe.each(seeds)('seed %i', (seed) => {
  test.each<[string, object?]>([
    ['async-lambda'],
    ['callback-notify'],
    ['ec2-job', { command: ['./make-report.sh', '--rows', '2000'] }],
    ['fan-out'],
    ['queue-worker'],
    ['webhook'],
  ])('%s', { timeout: 120_000 }, async (name, input) => {
    const example = await startExample(join(examples, name), { unkind: seed });
    try {
      const names = Array.from({ length: AT_ONCE }, (_, index) => `unkind-${index}`);
      const start = (run: string) => untilTaken(() => example.start(run, { ...inputOf(name), ...input }));
      const started = await Promise.all(names.map(start));
      for (const execution of started)
        expect(await untilTaken(() => execution.ended())).toMatchObject({ status: 'SUCCEEDED' });
    } finally {
      await example.close();
    }
  });
});
