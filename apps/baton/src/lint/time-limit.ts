import type { Document } from './document.ts';
import { member, membersOf, type Node, numberOf } from './json-tree.ts';
import type { State } from './machine-states.ts';

/** TimeoutSeconds or HeartbeatSeconds as it is written: a literal, a template's variable, a path or an expression. */
export interface TimeLimit {
  readonly node: Node;
  /** Known only for a literal. */
  readonly seconds: number | undefined;
  /** Two limits with the same text are equal, whatever is filled in. */
  readonly text: string;
}

/** An execution ends after a year (documented): a longer limit is never reached. */
const YEAR_SECONDS = 31_536_000;

type LimitName = 'TimeoutSeconds' | 'HeartbeatSeconds';

/** Whether the definition itself, and not a template, decides the limit of the state. */
export const decidesLimit = ({ document, node }: State, name: LimitName): boolean =>
  !document.isOpen(node) || membersOf(node).filter((each) => each.name === name).length === 1;

export const limitOf = ({ document, node }: State, name: LimitName): TimeLimit | undefined =>
  withinAYear(readLimit(document, member(node, name) ?? member(node, `${name}Path`)));

export const machineLimit = (document: Document): TimeLimit | undefined =>
  withinAYear(readLimit(document, member(document.root, 'TimeoutSeconds')));

const withinAYear = (limit: TimeLimit | undefined): TimeLimit | undefined =>
  (limit?.seconds ?? 0) >= YEAR_SECONDS ? undefined : limit;

/** Reads a limit in the work; the name of a member with a path ends in `.$`. */
export const workLimit = (state: State, work: Node, name: string): TimeLimit | undefined =>
  readLimit(state.document, member(work, name) ?? member(work, `${name}.$`));

function readLimit(document: Document, node: Node | undefined): TimeLimit | undefined {
  if (!node) return undefined;
  const seconds = document.isTemplated(node) ? undefined : numberOf(node);
  return { node, seconds, text: document.source(node).replaceAll(/^"|"$|\s+/g, '') };
}
