/** The work that a state hands to Baton: what the dispatcher would refuse, and what would go wrong later. */
import { workProblems } from '../../schema/work-problems.ts';
import type { Document } from '../document.ts';
import { itemsOf, member, membersOf, type Node } from '../json-tree.ts';
import type { Report, Rule } from '../rule.ts';
import { sentBy } from '../task-token.ts';
import { workOf } from '../work.ts';

const workMalformed: Rule = {
  id: 'work-malformed',
  severity: 'error',
  finds:
    '`work` that the dispatcher would refuse: an unknown kind or member, a missing one, a value that is none; and a missing `context`',
  why: 'The dispatcher refuses it when the state runs, and the execution fails there, however much was done before.',
  mend: 'Write the members as apps/baton/schemas/work.schema.json has them; an editor that knows asl.schema.json says so while you type.',
  check(state) {
    const payload = member(sentBy(state), 'Payload');
    const work = workOf(state);
    if (work === undefined || payload === undefined || !isForDispatcher(payload)) return [];
    // What a template adds may be what seems to be missing.
    if ([payload, work.node].some((node) => state.document.isOpen(node))) return [];
    return workProblems(membersIn(payload, state.document)).map(({ path, message }): Report => ({
      at: nodeAt(payload, path),
      message: `${path} ${message}`,
    }));
  },
};

/** Other teams' functions may take work of their own. */
const isForDispatcher = (payload: Node): boolean =>
  (member(payload, 'taskToken') ?? member(payload, 'taskToken.$')) !== undefined;

/** What stands for a value that only the deployment knows. */
const PLACEHOLDER = '${}';

const membersIn = (node: Node, document: Document): Readonly<Record<string, unknown>> =>
  Object.fromEntries(membersOf(node).map(({ name, value }) => [name, valueOf(value, document)]));

function valueOf(node: Node, document: Document): unknown {
  if (node.type === 'object') return document.isOpen(node) ? PLACEHOLDER : membersIn(node, document);
  if (node.type === 'array') return itemsOf(node).map((item) => valueOf(item, document));
  return document.isTemplated(node) ? PLACEHOLDER : (node.value as unknown);
}

/** The member at that path, as it is or as a reference path; else the nearest object around it. */
function nodeAt(payload: Node, path: string): Node {
  let at = payload;
  for (const name of path.split('.')) {
    const next = member(at, name) ?? member(at, `${name}.$`);
    if (next === undefined) return at;
    at = next;
  }
  return at;
}

export const workRules: readonly Rule[] = [workMalformed];
