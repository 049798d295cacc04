import { member, type Node, textOf } from './json-tree.ts';
import type { State } from './machine-states.ts';
import { sentBy } from './task-token.ts';

/** @returns the work that a waiting state dispatches through Baton (`Payload.work` of a function), if it does */
export function workOf(state: State): { readonly node: Node; readonly kind: string } | undefined {
  if (state.resource?.waits !== 'token') return undefined;
  const node = member(sentBy(state), 'Payload', 'work');
  const kind = textOf(member(node, 'kind'));
  return node && kind !== undefined ? { node, kind } : undefined;
}

/** Whether a person decides: certain by the kind of work, likely by the names that the authors chose. */
export function approvalOf(state: State): 'certain' | 'likely' | undefined {
  if (!state.resource?.waits) return undefined;
  const work = workOf(state);
  if (work) return work.kind === 'approval' ? 'certain' : undefined;
  const functionName = textOf(member(sentBy(state), 'FunctionName')) ?? '';
  return [state.name, functionName].some((name) => /approv/i.test(name)) ? 'likely' : undefined;
}
