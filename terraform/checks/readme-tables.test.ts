import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
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

const environments = folder('../environments');
const tfFiles = (path: string) => readdirSync(path).filter((name) => name.endsWith('.tf'));

describe.each(['dev', 'staging', 'prod'])('%s', (name) => {
  test('shares the files of terraform/environment, and has a main.tf of its own', () => {
    const shared = tfFiles(folder('../environment'));
    const links = tfFiles(join(environments, name)).filter((file) => file !== 'main.tf');
    expect(links).toEqual(shared);
    for (const file of links) expect(readlinkSync(join(environments, name, file))).toBe(`../../environment/${file}`);
  });

  test('passes on what it is given', () => {
    const given = readBlocks('variable', read(environments, name, 'variables.tf'));
    const sources = tfFiles(join(environments, name)).filter((file) => file !== 'variables.tf');
    const text = sources.map((file) => read(environments, name, file)).join('\n');
    expect(given.map((variable) => variable.name).filter((variable) => !text.includes(`var.${variable}`))).toEqual([]);
  });
});
