/** Updates the tables in every module's README. A test fails while one is out of date. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tablesOf, withTables } from './readme-tables.ts';

const modules = fileURLToPath(new URL('../modules', import.meta.url));

for (const name of readdirSync(modules)) {
  const readme = join(modules, name, 'README.md');
  const text = readFileSync(readme, 'utf8');
  const current = withTables(text, tablesOf(join(modules, name)));
  if (current === text) continue;
  writeFileSync(readme, current);
  console.log(`terraform/modules/${name}/README.md`);
}
