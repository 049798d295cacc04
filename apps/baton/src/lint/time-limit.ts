import { member, type Node, numberOf } from './json-tree.ts';
import type { State } from './machine-states.ts';

/** TimeoutSeconds or HeartbeatSeconds as it is written: a literal, a template's variable, a path or an expression. */
export interface TimeLimit {
  readonly node: Node;
  /** Known only of a literal. */
  readonly seconds: number | undefined;
  /** Two limits of equal text are equal, whatever fills them in. */
  readonly text: string;
}

/** An execution lives for a year at most: a limit beyond it never comes. */
const YEAR_SECONDS = 31_536_000;

export function limitOf(state: State, name: 'TimeoutSeconds' | 'HeartbeatSeconds'): TimeLimit | undefined {
  const limit = readLimit(state, member(state.node, name) ?? member(state.node, `${name}Path`));
  return limit?.seconds !== undefined && limit.seconds >= YEAR_SECONDS ? undefined : limit;
}

/** A limit in the work, where a path is marked by the member's name. */
export const workLimit = (state: State, work: Node, name: string): TimeLimit | undefined =>
  readLimit(state, member(work, name) ?? member(work, `${name}.$`));

function readLimit(state: State, node: Node | undefined): TimeLimit | undefined {
  if (!node) return undefined;
  const seconds = state.document.isTemplated(node) ? undefined : numberOf(node);
  return { node, seconds, text: state.document.source(node).replaceAll(/^"|"$|\s+/g, '') };
}
