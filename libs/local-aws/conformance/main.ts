import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { replay } from './replay.ts';
import { createLocalAws } from '../src/index.ts';
import { readKnownDifferences, recordedActions, surprises, table, unfounded, type Result } from './report.ts';
import { readIndex, readScenario } from './scenario.ts';

const USAGE = 'usage: npm run conformance -- [--filter REGEXP] [--show NUMBER]';
const HOW = 'Point BATON_CONFORMANCE at the folder of the recorded scenarios, the one that holds their index.json.';

const leave = (status: 0 | 1, text: string): never => {
  console.log(text);
  process.exit(status);
};

function readOptions(): { filter: RegExp; show: number } {
  try {
    const options = { filter: { type: 'string', default: '' }, show: { type: 'string', default: '20' } } as const;
    const { filter, show } = parseArgs({ options }).values;
    if (!/^\d+$/.test(show)) throw new Error(`--show takes a number, not '${show}'`);
    return { filter: new RegExp(filter), show: Number(show) };
  } catch (error) {
    return leave(1, `${(error as Error).message}\n${USAGE}`);
  }
}

const { filter, show } = readOptions();
const folder = process.env['BATON_CONFORMANCE'] ?? leave(0, `Conformance: no recordings, nothing is compared. ${HOW}`);
if (!existsSync(join(folder, 'index.json'))) leave(1, `There is no index.json in ${folder}. ${HOW}`);

const started = performance.now();
const results: Result[] = [];
const called = new Set<string>();
for (const row of readIndex(folder).filter(({ name }) => filter.test(name))) {
  results.push({ name: row.name, ...(await replay(readScenario(folder, row), called)) });
}
if (results.length === 0) leave(1, `No scenario's name matches ${String(filter)}`);

const known = readKnownDifferences();
const aws = createLocalAws();
const recorded = filter.source === '(?:)' ? recordedActions(aws.services) : [];
await aws.close();
const unexpected = [...surprises(results, known), ...unfounded(recorded, called)];
const listed = results.filter(({ name, level }) => level < 4 && known.has(name)).length;
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(table(results));
console.log(`\n${listed} known differences, ${unexpected.length} surprises, ${seconds} s`);
for (const line of unexpected.slice(0, show)) console.log(line.slice(0, 400));
process.exit(unexpected.length > 0 ? 1 : 0);
