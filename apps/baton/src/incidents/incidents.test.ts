/** What the README says of public failures, played: with Baton each ends by name, soon, and once. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildBundles } from '../build-bundles.ts';
import { durationOf } from '../commands/incidents.ts';
import { incidents } from './incidents.ts';

beforeAll(() => buildBundles(), 300_000);

const EXPECTED = {
  'lost-worker': { bare: /^still running$/, withBaton: /^failed by Baton\.HostLost$/, soonerThan: 60 },
  'never-starts': { bare: /^failed by States\.Timeout$/, withBaton: /^failed by Baton\./, soonerThan: 60 },
  'stop-that-does-not-stop': { bare: /^the job runs to its end$/, withBaton: /^the job is stopped$/, soonerThan: 61 },
  'throttled-completion': { bare: /^failed by States\.Timeout$/, withBaton: /^succeeded$/, soonerThan: 180 },
  'scanner-clicks': { bare: /^approved by the scanner$/, withBaton: /^denied by a person$/, soonerThan: 601 },
  'retry-that-overlaps': { bare: /^2 runs at once$/, withBaton: /^1 run at a time$/, soonerThan: 5_401 },
} as const;

it('has an expectation for each', () => {
  expect(incidents.map(({ id }) => id)).toEqual(Object.keys(EXPECTED));
});

const readme = readFileSync(new URL('../../../../docs/incidents.md', import.meta.url), 'utf8');

describe.each(incidents)('$title', ({ id, title, thread, bare, withBaton }) => {
  const { soonerThan, ...ends } = EXPECTED[id as keyof typeof EXPECTED];

  it('ends as the thread tells, and otherwise with Baton, as the table says', async () => {
    const [alone, between] = [await bare(), await withBaton()];
    expect(alone.end).toMatch(ends.bare);
    expect(between.end).toMatch(ends.withBaton);
    expect(between.seconds).toBeLessThan(soonerThan);
    const cells = [alone, between].map(({ end, seconds }) => `${end}, ${durationOf(seconds)}`);
    expect(readme).toContain(`| [${title}](${thread}) | ${cells.join(' | ')} |`);
  });
});
