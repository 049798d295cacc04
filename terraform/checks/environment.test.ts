import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');

const table = JSON.parse(read('../modules/platform/wiring/functions.json')) as Record<
  string,
  {
    bundle: string;
    handler: string;
    environment: Record<string, string>;
    environmentOnceDeployed?: Record<string, string>;
  }
>;
const bundles = [...new Set(Object.values(table).map((entry) => entry.bundle))];
const sorted = (names: Iterable<string>) => [...new Set(names)].sort();

test.each(bundles)('the functions of %s are given the variables that its config.ts reads', (bundle) => {
  const known = [...read(`../../apps/${bundle}/src/config.ts`).matchAll(/\bBATON_[A-Z_]+/g)].map(([name]) => name);
  const given = Object.values(table).filter((entry) => entry.bundle === bundle);
  expect(
    sorted(given.flatMap((entry) => Object.keys({ ...entry.environment, ...entry.environmentOnceDeployed }))),
  ).toEqual(sorted(known));
});

test.each(Object.entries(table))('the handler of %s is an export of its main.ts', (_, { bundle, handler }) => {
  const [file, name] = handler.split('.');
  expect(file).toBe('main');
  expect(read(`../../apps/${bundle}/src/main.ts`)).toMatch(
    new RegExp(`^export (async )?(function|const) ${name ?? ''}\\b`, 'm'),
  );
});

test('the alarms watch metrics that the reconciler writes', () => {
  const alarms = [...read('../modules/platform/alarms.tf').matchAll(/^ +metric += "(\w+)"\n +threshold/gm)];
  const written = read('../../apps/completer/src/metric-line.ts');
  expect(alarms).toHaveLength(5);
  for (const [, metric] of alarms) expect(written).toContain(`    ${metric}: {`);
});
