/**
 * npm run --silent chaos:bundles -- [--seed N] [--rounds N] [--without supervisor|wait] [--follow] [--json]
 *
 * Prints the verdict as one JSON object, and exits with 1 unless every figure but the first is 0. What was counted goes to stderr.
 * Without a guard it exits with 1 unless two runs at once were found.
 */
import { parseArgs } from 'node:util';
import { GUARDS } from './plan.ts';
import { runBundles } from './run-bundles.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
    without: { type: 'string' },
    follow: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const without = GUARDS.find((guard) => guard === values.without);
if (without !== values.without) throw new Error(`--without takes ${GUARDS.join(' or ')}`);
const began = Date.now();
const { verdict, violations } = await runBundles({
  seed: Number(values.seed),
  rounds: Number(values.rounds),
  without,
  follow: (what) =>
    void (values.follow && process.stderr.write(`${((Date.now() - began) / 1000).toFixed(1)} ${what}\n`)),
});
for (const { round, counted, what } of violations.slice(0, 20))
  process.stderr.write(`round ${round}, ${counted}: ${what}\n`);
process.stdout.write(`${JSON.stringify(verdict)}\n`);
const { callbacks: _, ...counts } = verdict;
const isClean = Object.values(counts).every((count) => count === 0);
process.exit((without === undefined ? isClean : verdict.overlapping > 0) ? 0 : 1);
