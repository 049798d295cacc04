import type { BuildOptions } from 'esbuild';
import { bypassBarrels } from './bypass-barrels.ts';
import { clientVersions } from './client-versions.ts';
import program from './program.ts';

/** How a Lambda function is bundled: into `main.mjs`, and a file beside it for what is loaded when it is first used. */
export default {
  ...program,
  splitting: true,
  chunkNames: '[name]-[hash]',
  plugins: [bypassBarrels, clientVersions],
  alias: {
    '@aws-sdk/credential-provider-node': './libs/token-lib/src/aws/environment-credentials.ts',
    'mnemonist/lru-cache': './tools/bundling/lru-cache.ts',
  },
} satisfies BuildOptions;
