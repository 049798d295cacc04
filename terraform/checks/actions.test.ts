import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The operations that the functions call: each is a command of an AWS SDK client, made in the domain's AWS adapters. */
function called(): string[] {
  const folder = at('../../libs/token-lib/src/aws');
  const sources = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  return sources.flatMap((name) => operationsOf(readFileSync(join(folder, name), 'utf8')));
}

const operationsOf = (source: string) => [...source.matchAll(/new ([A-Z]\w+)Command\(/g)].map((match) => match[1]!);

function allowed(): string[] {
  const statements = readFileSync(at('../modules/platform/statements.tf'), 'utf8');
  return [...statements.matchAll(/"(?:dynamodb|ssm|states):([A-Z]\w+)"/g)].map((match) => match[1]!);
}

const unique = (names: string[]) => [...new Set(names)].sort();

test('the roles of the functions allow what their code calls, and nothing else', () => {
  expect(unique(allowed())).toEqual(unique(called()));
});
