import type { Severity } from './finding.ts';
import type { Node } from './json-tree.ts';
import type { State } from './machine-states.ts';

/** What a rule is, for people: the README's table and SARIF are made of it. */
export interface RuleText {
  /** Stable: silencing comments and code scanning name it. */
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
  /** Where this case weighs otherwise than the rule says. */
  readonly severity?: Severity;
  readonly mend?: string;
}
