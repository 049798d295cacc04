/** Writes the JSON Schemas that editors and others read: `npm run docs:schemas`. */
import { writeFileSync } from 'node:fs';
import { SCHEMAS } from './json-schemas.ts';

for (const [name, schema] of Object.entries(SCHEMAS)) {
  writeFileSync(new URL(`../../schemas/${name}`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
}
