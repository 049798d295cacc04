/**
 * A job on a host: `job.ts FOLDER MILLISECONDS [stubborn]`. Writes the time into a file of its own every few milliseconds, then a result
 * that says which run it was. A stubborn one does not listen to TERM.
 */
import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const STAMP_EVERY_MS = 20;

const [folder = '', milliseconds = '', manner] = process.argv.slice(2);
const run = process.env['BATON_RUN_ID'] ?? '';
if (manner === 'stubborn') process.on('SIGTERM', () => undefined);

const file = openSync(join(folder, run), 'a');
const stamp = (): void => void writeSync(file, `${Date.now()}\n`);
stamp();
setInterval(stamp, STAMP_EVERY_MS);
setTimeout(() => {
  stamp();
  process.stdout.write(`${JSON.stringify({ run })}\n`, () => process.exit(0));
}, Number(milliseconds));
