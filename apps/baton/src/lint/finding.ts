import type { Position } from './position.ts';

/** An error fails the command; a warning does beyond --max-warnings; a note only says. */
export type Severity = 'error' | 'warning' | 'note';

export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly file: string;
  /** The address of the state machine in a plan. */
  readonly machine: string | undefined;
  readonly state: string | undefined;
  readonly start: Position;
  readonly end: Position;
  /** What is found here. */
  readonly message: string;
  /** What it leads to. */
  readonly why: string;
  readonly mend: string;
}

export const count = (findings: readonly Finding[], severity: Severity): number =>
  findings.filter((each) => each.severity === severity).length;
