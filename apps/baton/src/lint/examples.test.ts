/** The examples' definitions with their numbers filled in: what lint finds in a plan of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exampleFolders } from '../example-folders.ts';
import { lintText } from './lint-text.ts';

function filledIn(folder: string): string {
  const numbers = JSON.parse(readFileSync(join(folder, 'workflow.auto.tfvars.json'), 'utf8')) as Record<string, number>;
  return readFileSync(join(folder, 'workflow.asl.json'), 'utf8').replace(/\$\{(\w+)\}/g, (placeholder, name: string) =>
    String(numbers[name] ?? placeholder),
  );
}

it.each(exampleFolders())('finds nothing but advice in $name', ({ folder }) => {
  const { findings, problems } = lintText({ file: 'workflow.asl.json', type: 'STANDARD', text: filledIn(folder) });
  expect(problems).toEqual([]);
  expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
});
