import { ESLint } from 'eslint';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** Proves that the project's own rules bite: each case breaks one of them, and lint has to refuse it. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const eslint = new ESLint({ cwd: root, ignore: false });

const rules = ([result]: readonly ESLint.LintResult[]) => result?.messages.map((message) => message.ruleId);
const rulesOfFile = async (file: string) => rules(await eslint.lintFiles(`tools/boundaries/fixtures/${file}`));
const rulesOfText = async (filePath: string, code: string) => rules(await eslint.lintText(code, { filePath }));

test.each([
  ['app', 'an app reaches into the emulator'],
  ['console', 'the console sees the local AWS otherwise than AWS'],
  ['domain', 'the domain reaches into the engine'],
  ['engine', 'the engine reaches into the domain'],
  ['emulator', 'the emulator shares the domain’s understanding'],
])('%s: %s, and lint refuses it', async (type) => {
  expect(await rulesOfFile(`${type}/forbidden.ts`)).toContain('@nx/enforce-module-boundaries');
});

test.each([
  ['libs/asl/src/index.ts', "import 'node:fs';", 'the engine does I/O'],
  ['libs/token-lib/src/index.ts', "import '@aws-sdk/client-sfn';", 'the domain calls AWS outside of src/aws'],
])('%s: %s would mean that %s, and lint refuses it', async (filePath, code) => {
  expect(await rulesOfText(filePath, code)).toContain('no-restricted-imports');
});

const localAws = 'libs/local-aws/src';
test.each([
  ['kernel/world.ts', '../kit/page.ts', 'the kernel needs the kit'],
  ['kit/page.ts', '../services/sqs/sqs.ts', 'the kit needs a service'],
  ['wire/server.ts', '../kit/page.ts', 'the wire needs the kit'],
  ['services/kms/key.ts', '../sqs/sqs.ts', 'a service reaches into another'],
  ['services/kms/key.ts', '../../wire/server.ts', 'a service knows the wire'],
  ['services/step-functions/run/driver.ts', '../api/members.ts', 'what runs knows the API'],
  ['services/step-functions/run/driver.ts', '../integrations/sqs.ts', 'what runs knows an integration'],
  ['services/step-functions/integrations/sqs.ts', '../api/members.ts', 'an integration knows the API'],
])('local AWS: %s must not import %s: %s', async (file, imported) => {
  const code = `import '${imported}';`;
  expect(await rulesOfText(`${localAws}/${file}`, code)).toContain('import-x/no-restricted-paths');
});

test.each([
  ['services/kms/key.ts', '../../kit/page.ts'],
  ['services/step-functions/api/task-actions.ts', '../run/driver.ts'],
  ['wire/server.ts', '../kernel/http.ts'],
])('local AWS: %s may import %s', async (file, imported) => {
  expect(await rulesOfText(`${localAws}/${file}`, `import '${imported}';`)).not.toContain(
    'import-x/no-restricted-paths',
  );
});

test.each(['even', 'odd'])('two files that need each other’s values are refused: %s', async (file) => {
  expect(await rulesOfFile(`cycle/${file}.ts`)).toEqual(['import-x/no-cycle']);
});

test('files that need each other’s types alone are not', async () => {
  expect(await rulesOfFile('cycle/types.ts')).toEqual([]);
});

const lines = (count: number) => '0;\n'.repeat(count);

test.each([
  ['a file of 251 lines is refused', 'max-lines', 'export {};\n' + '// why\n'.repeat(250), true],
  ['a file of 250 lines is not', 'max-lines', 'export {};\n' + '// why\n'.repeat(249), false],
  ['a function of 61 lines is refused', 'max-lines-per-function', `export function f() {\n${lines(59)}}\n`, true],
  ['a function of 60 lines is not', 'max-lines-per-function', `export function f() {\n${lines(58)}}\n`, false],
])('%s', async (_claim, rule, code, isRefused) => {
  expect((await rulesOfText('libs/token-lib/src/index.ts', code))?.includes(rule)).toBe(isRefused);
});

interface Config {
  /** Files by reason, by rule. */
  readonly exceptions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}
const { exceptions } = (await import(`${root}/eslint.config.js`)) as Config;
const exempt = Object.entries(exceptions).flatMap(([rule, reasons]) =>
  Object.values(reasons).flatMap((files) => files.map((file) => [file, rule] as const)),
);

test.each(exempt)('%s still needs its exception from %s', async (file, rule) => {
  const strict = new ESLint({
    cwd: root,
    overrideConfig: { rules: { [rule]: 'error' } },
    ruleFilter: ({ ruleId }) => ruleId === rule,
  });
  const found = await strict.lintFiles(file);
  expect(found.flatMap(({ messages }) => messages)).not.toEqual([]);
});
