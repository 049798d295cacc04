import type { BuildOptions } from 'esbuild';
import program from './program.ts';

/** How a Lambda function is bundled: into `main.mjs`, and a file beside it for what is loaded when it is first used. */
export default {
  ...program,
  splitting: true,
  chunkNames: '[name]-[hash]',
  alias: { '@aws-sdk/credential-provider-node': './libs/token-lib/src/aws/environment-credentials.ts' },
} satisfies BuildOptions;
