import { parseArgs } from 'node:util';
import { readKnownDifferences } from './known-differences.ts';
import { replay } from './replay.ts';
import { surprises, table, type Result } from './report.ts';
import { readIndex, readScenario } from './scenario.ts';

const { values: options } = parseArgs({
  options: { filter: { type: 'string', default: '' }, show: { type: 'string', default: '20' } },
});
const folder = process.env['BATON_CONFORMANCE'];
if (folder === undefined) {
  console.log('Conformance: no recordings. Point BATON_CONFORMANCE at the folder that holds their index.json.');
  process.exit(0);
}

const wanted = new RegExp(options.filter);
const started = performance.now();
const results: Result[] = [];
for (const row of readIndex(folder).filter(({ name }) => wanted.test(name))) {
  results.push({ name: row.name, ...(await replay(readScenario(folder, row))) });
}
const known = readKnownDifferences();
const unexpected = surprises(results, known);
const listed = results.filter(({ name, level }) => level < 4 && known.has(name)).length;
console.log(table(results));
console.log(
  `\n${listed} known differences, ${unexpected.length} surprises, ${((performance.now() - started) / 1000).toFixed(1)} s`,
);
for (const line of unexpected.slice(0, Number(options.show))) console.log(line.slice(0, 400));
process.exit(unexpected.length > 0 ? 1 : 0);
