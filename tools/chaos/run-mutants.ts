/**
 * npm run chaos:mutants -- [WORDS]
 *
 * Runs the harness against each mutant, by one run after the other until one finds it. Exits with 1 when one survives. Words
 * choose the mutants that mention one of them; a number chooses that many, spread over the table.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { mutants } from './mutants.ts';

const at = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
/** An outage alone, all events lost, then everything at once. */
const RUNS: readonly (readonly string[])[] = [
  ['--seed', '1', '--callbacks', '400', '--faults', '0', '--outages'],
  ['--seed', '1', '--callbacks', '800', '--deaf'],
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((seed) => ['--seed', String(seed), '--callbacks', '800']),
];

interface Finding {
  readonly found: boolean;
  readonly figures: string;
}

/** @param mutant none for the code as it is */
function run(options: readonly string[], mutant?: number): Finding {
  const preload = mutant === undefined ? [] : ['--import', at('with-mutant.ts')];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=@baton/source', ...preload, at('main.ts'), ...options],
    { encoding: 'utf8', env: { ...process.env, CHAOS_MUTANT: String(mutant) } },
  );
  if (!stdout.startsWith('{')) throw new Error(`the harness itself has failed: ${stderr}`);
  const counts = Object.entries(JSON.parse(stdout) as Record<string, number>).slice(1);
  const figures = counts.filter(([, count]) => count > 0).map(([name, count]) => `${name} ${count}`);
  return { figures: figures.join(', '), found: status !== 0 };
}

/** Whether a run fails without any mutant. */
const unsound = new Map<readonly string[], boolean>();

function isUnsound(options: readonly string[]): boolean {
  const known = unsound.get(options) ?? run(options).found;
  unsound.set(options, known);
  return known;
}

function choose(words: readonly string[]): readonly number[] {
  const all = mutants.map((_, index) => index);
  const wanted = Number(words[0]);
  if (words.length === 0) return all;
  if (Number.isNaN(wanted))
    return all.filter((index) => words.some((word) => JSON.stringify(mutants[index]).includes(word)));
  const step = Math.max(1, Math.floor(all.length / wanted));
  return all.filter((index) => index % step === 0).slice(0, wanted);
}

const chosen = choose(process.argv.slice(2));
const survivors = chosen.filter((index) => {
  const { fault = '' } = mutants[index] ?? {};
  for (const options of RUNS) {
    const { figures, found } = run(options, index);
    if (!found) continue;
    if (isUnsound(options)) throw new Error(`the code as it is fails ${options.join(' ')}`);
    console.log(`found     ${fault}: ${options.join(' ')}: ${figures}`);
    return false;
  }
  console.log(`SURVIVED  ${fault}`);
  return true;
});
console.log(`${chosen.length - survivors.length} of ${chosen.length} mutants found`);
process.exitCode = survivors.length === 0 ? 0 : 1;
