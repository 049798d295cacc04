/**
 * Runs the end-to-end tests of the platform and of the examples, records what IAM allowed, and writes terraform/iam-table.md. Exits with
 * 1 when a statement was not needed and reasons.json does not say why it stands. With a folder as argument it takes the decisions in it
 * and runs nothing.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deployedStatements } from './deployed-statements.ts';
import { reasonFor, renderTable, rowsOf, type Reasons, type RecordedDecision } from './table.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const file = join(root, 'terraform/iam-table.md');

function record(): string {
  const folder = mkdtempSync(join(tmpdir(), 'baton-decisions-'));
  const { status } = spawnSync('npx', ['vitest', 'run', 'libs/local-platform/', 'examples/'], {
    cwd: root,
    env: { ...process.env, BATON_DECISIONS: folder },
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('A test failed: what it needs is not known.');
  return folder;
}

const folder = process.argv[2] ?? record();
const decisions = readdirSync(folder)
  .flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
  .map((line) => JSON.parse(line) as RecordedDecision);
const reasons = JSON.parse(readFileSync(new URL('reasons.json', import.meta.url), 'utf8')) as Reasons;
const rows = rowsOf(await deployedStatements(), decisions);
const text = `# Which statement lets which call

\`npm run iam:table\` makes this table. It runs the end-to-end tests of the platform and of the examples under IAM, and takes down each decision with
the statements that made it. A row is an action of a statement, and a call that was denied without the statement: no other
statement allowed it. What no run needs says why it stands (\`iam-table/reasons.json\`).

${renderTable(rows, reasons)}
`;
writeFileSync(file, text);
const idle = rows.filter((row) => row.call === undefined && reasonFor(row, reasons) === undefined);
for (const { policy, sid, action } of idle) console.error(`no run needs ${policy} ${sid} ${action}`);
console.log(`${rows.length} rows, ${rows.filter(({ call }) => call !== undefined).length} with a call`);
process.exitCode = idle.length === 0 ? 0 : 1;
