import { defineConfig } from 'vitest/config';
import { SkipReporter } from './tools/skips/skip-reporter.ts';

// Tests read the sources of the libraries, not their builds: the condition is the first of every library's exports.
const conditions = ['@baton/source'];

// Tests give their own credentials by environment, and SDKs would take a developer's profile before those.
delete process.env['AWS_PROFILE'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['**/*.test.ts'],
    // What runs outside of the workspace, with the packages installed.
    exclude: ['**/node_modules/**', '**/dist/**', '**/outside/**', '**/templates/**'],
    testTimeout: 30_000,
    reporters: ['default', new SkipReporter()],
  },
});
