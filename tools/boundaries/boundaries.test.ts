import { ESLint } from 'eslint';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** Each fixture is a project of one type that imports what this type may not: the rule must find it. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const eslint = new ESLint({ cwd: root, ignore: false });

test.each([
  ['app', 'an app reaches into the emulator'],
  ['domain', 'the domain reaches into the engine'],
  ['engine', 'the engine reaches into the domain'],
  ['emulator', 'the emulator shares the domain’s understanding'],
])('%s: %s, and lint refuses it', async (type) => {
  const [result] = await eslint.lintFiles(`tools/boundaries/fixtures/${type}/forbidden.ts`);
  expect(result?.messages.map((message) => message.ruleId)).toContain('@nx/enforce-module-boundaries');
});

test.each([
  ['libs/asl/src/index.ts', "import 'node:fs';", 'the engine does I/O'],
  ['libs/token-lib/src/index.ts', "import '@aws-sdk/client-sfn';", 'the domain calls AWS past its aws door'],
])('%s: %s would mean that %s, and lint refuses it', async (filePath, code) => {
  const [result] = await eslint.lintText(code, { filePath });
  expect(result?.messages.map((message) => message.ruleId)).toContain('no-restricted-imports');
});
