import { applyEdits } from './change/change.ts';
import type { Finding } from './rule.ts';
import type { LintResult } from './lint-text.ts';

/** What --fix needs of the world: one round of linting, and the files that it found something in. */
export interface FixTools {
  readonly lint: () => LintResult;
  readonly read: (file: string) => string;
  readonly write: (file: string, text: string) => void;
}

export interface Fixed {
  /** What was mended, in order. */
  readonly mended: readonly Finding[];
  /** What is found in the files as they are now. */
  readonly left: LintResult;
}

/** A mend may show what it hid: so many follow from one another at most. */
const MOST_ROUNDS = 10;

/** Mends what needs no decision until nothing of that kind is left, and so does nothing when it is called again. */
export function fixAll({ lint, read, write }: FixTools): Fixed {
  const mended: Finding[] = [];
  let result = lint();
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const able = result.findings.filter(({ edits }) => edits !== undefined && edits.length > 0);
    if (able.length === 0) break;
    for (const [file, findings] of Map.groupBy(able, (finding) => finding.file)) {
      write(
        file,
        applyEdits(
          read(file),
          findings.map(({ edits = [] }) => edits),
        ),
      );
    }
    const before = able;
    result = lint();
    const same = (one: Finding, other: Finding): boolean =>
      one.file === other.file &&
      one.rule === other.rule &&
      one.state === other.state &&
      one.machine === other.machine &&
      one.message === other.message;
    mended.push(...before.filter((finding) => !result.findings.some((other) => same(finding, other))));
  }
  return { mended, left: result };
}
