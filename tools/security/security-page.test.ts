import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { declares, promisesOf, sectionsOf } from './promises.ts';

const at = (path: string) => new URL(path, new URL('../../docs/', import.meta.url));
const read = (path: string) => readFileSync(at(path), 'utf8');
const page = read('security.md');
const promises = promisesOf(page);

test.each(promises)('$section: $promise', ({ tests }) => {
  expect(tests).not.toEqual([]);
  for (const { path, name } of tests) {
    expect(existsSync(at(path)), path).toBe(true);
    expect(declares(read(path), path, name), `${path} has no test "${name}"`).toBe(true);
  }
});

test('every function that is deployed, the notifier, the commands and the local servers have promises', () => {
  const functions = Object.keys(JSON.parse(read('../terraform/modules/platform/wiring/functions.json')) as object);
  const sections = [
    ...functions.map((name) => `\`${name}\``),
    'The notifier on a host',
    "Operators' commands",
    'Local servers',
  ];
  expect(sectionsOf(page)).toEqual(expect.arrayContaining(sections));
  expect(new Set(promises.map(({ section }) => section))).toEqual(new Set(sections));
});

describe('a test that is named', () => {
  const source = [
    "describe('a door', () => {",
    "  it('is shut', () => {});",
    '  it("is a host\'s", () => {});',
    "  it.each([['a', 1]])('opens to %s', () => {});",
    "  test.each([\n    ['b', 'is shut too'],\n  ])(\n    'with %s, long', () => {});",
    "  it.skip('is painted', () => {});",
    '});',
    "describe('a window', () => {});",
    "const other = ['is no test', 1];",
  ].join('\n');

  test.each(['is shut', "is a host's", 'opens to %s', 'with %s, long'])('exists: %s', (name) => {
    expect(declares(source, 'door.test.ts', name)).toBe(true);
  });

  test.each(['is', 'shut', 'a', 'a door', 'a window', 'is open', 'is painted', 'is no test'])(
    'does not exist: %s',
    (name) => {
      expect(declares(source, 'door.test.ts', name)).toBe(false);
    },
  );

  test('of Terraform is a run', () => {
    expect(declares('x\nrun "a_role" {\n', 'x.tftest.hcl', 'a_role')).toBe(true);
    expect(declares('x\nrun "a_role_more" {\n', 'x.tftest.hcl', 'a_role')).toBe(false);
  });
});
