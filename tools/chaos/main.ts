/**
 * npm run --silent chaos -- [--seed N] [--callbacks N] [--faults P] [--json]
 *
 * Prints the verdict as one JSON object, and exits with 1 unless every figure but the first is 0. What was counted goes to stderr.
 */
import { parseArgs } from 'node:util';
import { runChaos } from './chaos.ts';
import { DEFAULTS } from './options.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(DEFAULTS.seed) },
    callbacks: { type: 'string', default: String(DEFAULTS.callbacks) },
    faults: { type: 'string', default: String(DEFAULTS.faults) },
    outages: { type: 'boolean', default: DEFAULTS.outages },
    deaf: { type: 'boolean', default: DEFAULTS.deaf },
    follow: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const options = {
  ...DEFAULTS,
  seed: Number(values.seed),
  callbacks: Number(values.callbacks),
  faults: Number(values.faults),
  outages: values.outages,
  deaf: values.deaf,
};
const { verdict, violations } = await runChaos(options, (piece, at, what) => {
  if (piece === values.follow) process.stderr.write(`${new Date(at).toISOString().slice(11)} ${what}\n`);
});
for (const { counted, piece, at, what } of violations.slice(0, 20))
  process.stderr.write(`${counted} ${piece} at ${new Date(at).toISOString()}: ${what}\n`);
process.stdout.write(`${JSON.stringify(verdict)}\n`);
const { callbacks: _, ...counts } = verdict;
process.exitCode = Object.values(counts).every((count) => count === 0) ? 0 : 1;
