/** Matchers for vitest: `import '@baton/testing/vitest'` in a test or a setup file. */
import { expect } from 'vitest';
import { fails, succeeds, type Verdict, visits } from './matchers.ts';
import type { Run } from './run.ts';

const told = ({ pass, message }: Verdict) => ({ pass, message: () => message });

expect.extend({
  toSucceed: async (run: Run, ...output: [output?: unknown]) => told(await succeeds(run, ...output)),
  toFail: async (run: Run, error?: string) => told(await fails(run, error)),
  toHaveVisited: (run: Run, ...states: string[]) => told(visits(run, ...states)),
});

declare module 'vitest' {
  // The parameters are vitest's own, which every declaration has to repeat.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /** `await expect(run).toSucceed(output)`: it succeeds; with this output, if one is given. */
    toSucceed(output?: unknown): Promise<void>;
    /** `await expect(run).toFail('Baton.HostLost')`: it fails; with this error, if one is named. */
    toFail(error?: string): Promise<void>;
    /** `expect(run).toHaveVisited('Resize', 'Release')`: it has entered these states, in this order. */
    toHaveVisited(...states: string[]): R;
  }
}
