import type { Change, TextEdit } from './change/change.ts';
import type { Node } from './json-tree.ts';
import type { State } from './machine-states.ts';
import type { Position } from './position.ts';

/** An error fails the command, as do more warnings than --max-warnings; a note is advice. */
export type Severity = 'error' | 'warning' | 'note';

/** What a rule is, for people: the README and SARIF list it. */
export interface RuleText {
  /** Stable: silencing comments and code scanning refer to it. */
  readonly id: string;
  readonly severity: Severity;
  /** What it finds, as a table says it. */
  readonly finds: string;
  readonly why: string;
  readonly mend: string;
}

export interface Rule extends RuleText {
  readonly check: (state: State) => readonly Report[];
}

export interface Report {
  readonly at: Node;
  readonly message: string;
  /** In place of the rule's own severity. */
  readonly severity?: Severity;
  readonly mend?: string;
  /** The mend, where it needs no decision. */
  readonly changes?: readonly Change[];
}

/** What a rule has found, with its place: what is printed. */
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
  /** The mend as edits of the file: --fix makes them. */
  readonly edits?: readonly TextEdit[];
}

export const count = (findings: readonly Finding[], severity: Severity): number =>
  findings.filter((each) => each.severity === severity).length;
