import type { BuildOptions } from 'esbuild';

/** How a program is bundled: into one file, which starts on its own wherever Node is. */
export default {
  mainFields: ['module', 'main'],
  conditions: ['@baton/source', 'module'],
  legalComments: 'none',
  outExtension: { '.js': '.mjs' },
} satisfies BuildOptions;
