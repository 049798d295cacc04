import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readBlocks } from './hcl-blocks.ts';
import { tablesOf, withTables } from './readme-tables.ts';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const read = (...path: string[]) => readFileSync(join(...path), 'utf8');

const source = `variable "required" {
  description = "Says \\"what\\" and $\${why}."
  type        = string

  validation {
    condition     = var.required != ""
    error_message = "description = 1"
  }
}

variable "rich" {
  description = "An object."
  type = list(object({
    name = string
    tags = optional(map(string), {})
  }))
  default = []
}
`;

describe('the blocks of a file', () => {
  test('have their types and defaults in one line', () => {
    expect(readBlocks('variable', source)).toEqual([
      { name: 'required', description: 'Says "what" and ${why}.', type: 'string' },
      {
        name: 'rich',
        description: 'An object.',
        type: 'list(object({name = string, tags = optional(map(string), {})}))',
        fallback: '[]',
      },
    ]);
  });

  test('without a description are refused by name', () => {
    expect(() => readBlocks('output', 'output "bare" {\n  value = 1\n}\n')).toThrow('output "bare" has no description');
  });
});

test('tables replace the ones before and leave what people wrote', () => {
  const first = withTables('# m\n\nWords.\n', 'one');
  expect(withTables(`${first}More.\n`, 'two')).toBe(`${first.replace('one', 'two')}More.\n`);
});

const modules = readdirSync(folder('../modules'));

test.each(modules)(
  "the tables of %s's README are those of its variables and outputs: npm run docs:terraform",
  (name) => {
    const readme = read(folder('../modules'), name, 'README.md');
    expect(readme).toBe(withTables(readme, tablesOf(join(folder('../modules'), name))));
  },
);

test('dev, staging and prod take the same variables and give the same outputs', () => {
  const of = (environment: string) =>
    ['variables.tf', 'outputs.tf', 'versions.tf'].map((file) => read(folder('../environments'), environment, file));
  expect(of('staging')).toEqual(of('prod'));
  expect(of('dev')).toEqual(of('prod'));
});

test.each(['dev', 'staging', 'prod'])('%s passes on what it is given', (environment) => {
  const main = read(folder('../environments'), environment, 'main.tf');
  const given = readBlocks('variable', read(folder('../environments'), environment, 'variables.tf'));
  const unused = given.map(({ name }) => name).filter((name) => !main.includes(`var.${name}`));
  expect(unused).toEqual([]);
});
