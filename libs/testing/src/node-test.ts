/** Assertions for node:test, which throw as `node:assert` does. */
import { AssertionError } from 'node:assert';
import { fails, succeeds, type Verdict, visits } from './matchers.ts';
import type { Run } from './run.ts';

/** It succeeds; with this output, if one is given. @throws {AssertionError} */
export async function assertSucceeds(run: Run, ...output: [output?: unknown]): Promise<void> {
  hold(await succeeds(run, ...output));
}

/** It fails; with this error, if one is named. @throws {AssertionError} */
export async function assertFails(run: Run, error?: string): Promise<void> {
  hold(await fails(run, error));
}

/** It has entered these states, in this order. @throws {AssertionError} */
export const assertVisited = (run: Run, ...states: string[]): void => hold(visits(run, ...states));

function hold({ pass, message }: Verdict): void {
  if (!pass) throw new AssertionError({ message });
}
