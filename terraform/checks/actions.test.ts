import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The operations that the functions and the operator's program call: all of them stand in the domain's AWS adapters. */
function called(): string[] {
  const folder = at('../../libs/token-lib/src/aws');
  const sources = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  return sources.flatMap((name) => operationsOf(readFileSync(join(folder, name), 'utf8'))).filter(needsPermission);
}

const operationsOf = (source: string) =>
  [...source.matchAll(/new ([A-Z]\w+)Command\(|\bpaginate([A-Z]\w+)\(/g)].map(([, sent, paged]) => sent ?? paged ?? '');

/** Everybody may ask who they are. */
const needsPermission = (operation: string) => operation !== 'GetCallerIdentity';

function allowed(): string[] {
  const policies = ['statements.tf', 'operator.tf'].map((file) =>
    readFileSync(at(`../modules/platform/${file}`), 'utf8'),
  );
  return [...policies.join('\n').matchAll(/"(?:dynamodb|ssm|states):([A-Z]\w+)"/g)].map((match) => match[1]!);
}

const unique = (names: string[]) => [...new Set(names)].sort();

test('the policies allow what the code calls, and nothing else', () => {
  expect(unique(allowed())).toEqual(unique(called()));
});
