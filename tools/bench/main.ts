/**
 * Measures side by side in one run: what is compared takes turns, so that a busy machine slows both. Trust the ratios; milliseconds depend on
 * the machine.
 */
import { benchBundles } from './bundles.ts';
import { benchCallbacks } from './callbacks.ts';
import { benchEngine } from './engine.ts';
import { benchLint } from './lint.ts';
import { benchPatterns } from './patterns.ts';
import { benchWaiting } from './waiting.ts';

const works = {
  bundles: benchBundles,
  callbacks: benchCallbacks,
  waiting: benchWaiting,
  engine: benchEngine,
  lint: benchLint,
  patterns: benchPatterns,
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in works));
if (unknown.length > 0) {
  process.stderr.write(`bench: there is no "${unknown.join('", "')}"; there are ${Object.keys(works).join(', ')}\n`);
  process.exit(64);
}
for (const [name, work] of Object.entries(works)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  process.stdout.write(`\n${name}\n`);
  console.table(await work());
}
process.exit(0);
