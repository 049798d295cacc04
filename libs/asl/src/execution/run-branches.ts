import type { Branch, Steps } from './branch.ts';

/**
 * Runs branches in order, at most `limit()` at once. Calls `ended` when one has ended; it may throw to give up the others.
 * Returns or throws only when none is running any more.
 */
export function* runBranches(
  parent: Branch,
  indexes: readonly number[],
  limit: () => number,
  begin: (index: number) => Branch,
  ended: (branch: Branch) => void,
): Steps<void> {
  const running = new Set<Branch>();
  let begun = 0;
  try {
    while (begun < indexes.length || running.size > 0) {
      for (; begun < indexes.length && running.size < limit(); begun += 1) running.add(begin(indexes[begun] as number));
      const signal = yield;
      if (signal.type !== 'branchEnded') continue;
      running.delete(signal.branch);
      ended(signal.branch);
    }
  } finally {
    for (const branch of running) parent.engine.drop(branch);
  }
}

/** Returns the indexes below `count` whose branch has not succeeded: all of them, except in a redrive. */
export function unfinished(branches: readonly (Branch | undefined)[], count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index).filter((index) => branches[index]?.output === undefined);
}
