import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { expect, test } from 'vitest';
import functions from './functions.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles as Nx does; returns the files that are in what a module loads at its start. */
async function filesAtStart(contents: string): Promise<string[]> {
  const { metafile } = await build({
    ...functions,
    stdin: {
      contents,
      resolveDir: fileURLToPath(new URL('../../libs/token-lib', import.meta.url)),
      sourcefile: 'main.js',
    },
    absWorkingDir: root,
    outdir: 'out',
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    metafile: true,
    write: false,
  });
  const entry = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint?.endsWith('main.js'));
  return [...loaded(metafile, entry?.[0] ?? '')].flatMap((output) =>
    Object.keys(metafile.outputs[output]?.inputs ?? {}),
  );
}

function loaded({ outputs }: Metafile, output: string, seen = new Set<string>()): Set<string> {
  if (seen.has(output)) return seen;
  seen.add(output);
  for (const { path, kind } of outputs[output]?.imports ?? []) {
    if (kind === 'import-statement' && path in outputs) loaded({ outputs, inputs: {} }, path, seen);
  }
  return seen;
}

test('a function starts with what its first client needs, and not with the protocols of those that it loads later', async () => {
  const files = await filesAtStart(`
    export { DynamoDBClient } from '@aws-sdk/client-dynamodb';
    export const sns = () => import('./src/aws/sns-notice-sender.ts');
    export const lambda = () => import('./src/aws/lambda-function-invoker.ts');
  `);
  expect(files.join()).toContain('AwsJsonRpcProtocol.js');
  expect(files.filter((file) => /AwsQuery|[Xx]ml|RestJson|HttpBindingProtocol|client-(sns|lambda)/.test(file))).toEqual(
    [],
  );
});

test('a handler that is loaded later keeps what it alone needs of the domain', async () => {
  const files = await filesAtStart(`
    export { parse } from '@baton/token-lib';
    export const link = () => import('../../apps/completer/src/link/handle-webhook.ts');
  `);
  expect(files.join()).toContain('wire/parse.ts');
  expect(files.filter((file) => /wire\/link|operations/.test(file))).toEqual([]);
});

test('a function looks for credentials in its environment alone', async () => {
  const files = await filesAtStart(`export { DynamoDBClient } from '@aws-sdk/client-dynamodb';`);
  expect(files.filter((file) => /credential-provider|environment-credentials|nested-clients/.test(file))).toEqual([
    'libs/token-lib/src/aws/environment-credentials.ts',
  ]);
});
