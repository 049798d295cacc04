import type { Branch, Steps } from './branch.ts';

/**
 * Runs branches, at most `most()` at once, in order of their start. `ended` sees each one at its end, and throws to give up the
 * others. Whatever happens, none is left running.
 */
export function* runBranches(
  parent: Branch,
  indexes: readonly number[],
  most: () => number,
  begin: (index: number) => Branch,
  ended: (branch: Branch) => void,
): Steps<void> {
  const running = new Set<Branch>();
  let begun = 0;
  try {
    while (begun < indexes.length || running.size > 0) {
      for (; begun < indexes.length && running.size < most(); begun += 1) running.add(begin(indexes[begun] as number));
      const signal = yield;
      if (signal.type !== 'branchEnded') continue;
      running.delete(signal.branch);
      ended(signal.branch);
    }
  } finally {
    for (const branch of running) parent.engine.drop(branch);
  }
}

/** The places, of `count`, whose branch has not succeeded: all of them, but for what a redrive finds done. */
export function unfinished(branches: readonly (Branch | undefined)[], count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index).filter((index) => branches[index]?.output === undefined);
}
