/** What a test says of a run; `vitest.ts` and `node-test.ts` give it to their runners. */
import { isDeepStrictEqual } from 'node:util';
import { ExecutionFailed } from './execution-failed.ts';
import type { Run } from './run.ts';

export interface Verdict {
  readonly pass: boolean;
  /** What is the case, and what was claimed. */
  readonly message: string;
}

const text = (value: unknown): string => JSON.stringify(value) ?? 'undefined';

/** It succeeds; with this output, if one is given. */
export async function succeeds(run: Run, ...output: readonly [output?: unknown]): Promise<Verdict> {
  try {
    const result = await run.result();
    const pass = output.length === 0 || isDeepStrictEqual(result, output[0]);
    return { pass, message: `it succeeded with ${text(result)}${pass ? '' : `, not with ${text(output[0])}`}` };
  } catch (error) {
    if (!(error instanceof ExecutionFailed)) throw error;
    return { pass: false, message: error.message };
  }
}

/** It fails; with this error, if one is named. */
export async function fails(run: Run, error?: string): Promise<Verdict> {
  try {
    return { pass: false, message: `it succeeded with ${text(await run.result())}` };
  } catch (thrown) {
    if (!(thrown instanceof ExecutionFailed)) throw thrown;
    const pass = error === undefined || thrown.error === error;
    return { pass, message: pass ? thrown.message : `${thrown.message}; not with ${error}` };
  }
}

/** It has entered these states, in this order, others between them or not. */
export function visits(run: Run, ...states: readonly string[]): Verdict {
  const visited = run.visited();
  let place = -1;
  const pass = states.every((state) => (place = visited.indexOf(state, place + 1)) >= 0);
  return {
    pass,
    message: `it entered ${visited.join(', ') || 'no state'}${pass ? '' : `; claimed was ${states.join(', ')}`}`,
  };
}
