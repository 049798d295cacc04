import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** A loop in a container polls with a role of its own. */
const OTHERS_FILES = new Set(['sqs-polled-queue.ts']);

/** The operations that the functions and the operator's program call: all of them are in the domain's AWS adapters. */
function called(): string[] {
  const folder = at('../../libs/token-lib/src/aws');
  const sources = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  return sources
    .filter((name) => !OTHERS_FILES.has(name))
    .flatMap((name) => operationsOf(readFileSync(join(folder, name), 'utf8')))
    .filter(needsPermission)
    .map((operation) => PERMISSIONS[operation] ?? operation);
}

const SENT = [/new ([A-Z]\w+)Command\(/g, /\bpaginate([A-Z]\w+)\(/g];
const operationsOf = (source: string) => SENT.flatMap((call) => [...source.matchAll(call)].map((match) => match[1]!));

/** Everybody may ask who they are. */
const needsPermission = (operation: string) => operation !== 'GetCallerIdentity';

/** Permissions that have another name than their operation. */
const PERMISSIONS: Readonly<Record<string, string>> = { Invoke: 'InvokeFunction' };

/** Lambda takes messages, and DynamoDB reads with the key, in the caller's name. People take their role by themselves. */
const othersCall = new Set(['AssumeRole', 'Decrypt', 'DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage']);

interface Policies {
  readonly statements: Readonly<Record<string, { readonly actions: readonly string[] }>>;
}

function allowed(): string[] {
  const { statements } = JSON.parse(readFileSync(at('../modules/platform/wiring/policies.json'), 'utf8')) as Policies;
  const actions = Object.values(statements).flatMap((statement) => statement.actions);
  return actions.map((action) => action.split(':')[1]!).filter((operation) => !othersCall.has(operation));
}

const unique = (names: string[]) => [...new Set(names)].sort();

test('the policies allow what the code calls, and nothing else', () => {
  expect(unique(allowed())).toEqual(unique(called()));
});
