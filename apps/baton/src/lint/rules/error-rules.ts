import type { Change } from '../change/change.ts';
import { itemsOf, member, type Node, numberOf, textOf } from '../json-tree.ts';
import type { State } from '../machine-states.ts';
import type { Report, Rule } from '../rule.ts';
import { limitOf } from '../time-limit.ts';
import { approvalOf } from '../work.ts';

interface Handler {
  readonly node: Node;
  readonly errors: readonly { readonly name: string; readonly node: Node }[];
}

const handlersOf = (state: State, list: 'Retry' | 'Catch'): readonly Handler[] =>
  itemsOf(member(state.node, list)).map((node) => ({
    node,
    errors: itemsOf(member(node, 'ErrorEquals')).map((each) => ({ name: textOf(each) ?? '', node: each })),
  }));

/** Without MaxAttempts, or with a placeholder for it, a Retry repeats. */
const repeats = ({ node }: Handler): boolean => numberOf(member(node, 'MaxAttempts')) !== 0;

const ASKS_AGAIN = {
  'States.ALL': 'a timeout or a denial',
  'States.Timeout': 'a timeout',
  'States.HeartbeatTimeout': 'a missing heartbeat',
  'States.TaskFailed': 'a denial',
} as const;

const approvalRetried: Rule = {
  id: 'approval-retried',
  severity: 'error',
  finds:
    'Retry of States.ALL, States.Timeout, States.HeartbeatTimeout or States.TaskFailed on an approval (a warning where it only looks like one)',
  why: 'Every attempt mints a new token and asks the same people again; the links of the first mail die without a word.',
  mend: 'Retry only the errors of the dispatch (e.g. Lambda.TooManyRequestsException), and Catch States.Timeout to escalate.',
  check(state) {
    const approval = approvalOf(state);
    if (!approval) return [];
    const handlers = handlersOf(state, 'Retry').filter(repeats);
    return handlers.flatMap(({ errors }) =>
      errors.flatMap(({ name, node }): readonly Report[] => {
        if (!Object.hasOwn(ASKS_AGAIN, name)) return [];
        const message = `${name} is retried: ${ASKS_AGAIN[name as keyof typeof ASKS_AGAIN]} asks the approvers again`;
        if (approval === 'likely') return [{ at: node, message, severity: 'warning' }];
        return [{ at: node, message, changes: withoutAsking(errors) }];
      }),
    );
  },
};

/** Failures of the dispatch itself, before anybody is asked. */
export const DISPATCH_ERRORS = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
];

/** Leaves the names that ask nobody again, or else retries failures of the dispatch. */
function withoutAsking(errors: Handler['errors']): readonly Change[] {
  const list = errors[0]?.node.parent;
  const left = errors.map(({ name }) => name).filter((name) => !Object.hasOwn(ASKS_AGAIN, name));
  return list ? [{ kind: 'replace', node: list, value: left.length > 0 ? left : DISPATCH_ERRORS }] : [];
}

const timeoutBeforeHeartbeat: Rule = {
  id: 'timeout-before-heartbeat',
  severity: 'error',
  finds: 'States.Timeout before States.HeartbeatTimeout in Retry or Catch',
  why: 'A missed heartbeat is a States.Timeout too, and the first match wins: the entry for lost workers is never reached.',
  mend: 'Put the entry with States.HeartbeatTimeout first.',
  check: (state) =>
    (['Retry', 'Catch'] as const).flatMap((list) => {
      const handlers = handlersOf(state, list);
      const timeout = handlers.findIndex(({ errors }) => errors.some(({ name }) => name === 'States.Timeout'));
      if (timeout === -1) return [];
      return handlers.slice(timeout + 1).flatMap(({ errors }) =>
        errors
          .filter(({ name }) => name === 'States.HeartbeatTimeout')
          .map(({ node }) => ({
            at: node,
            message: `${list} never reaches States.HeartbeatTimeout: States.Timeout stands before it`,
            changes: swapped(handlers, timeout, node),
          })),
      );
    }),
};

/** The entry for lost workers changes places with the one that hides it. */
function swapped(handlers: readonly Handler[], first: number, at: Node): readonly Change[] {
  const one = handlers[first]?.node;
  const other = handlers.slice(first + 1).find(({ errors }) => errors.some(({ node }) => node === at))?.node;
  return one && other ? [{ kind: 'swap', one, other }] : [];
}

const timeoutNotCaught: Rule = {
  id: 'timeout-not-caught',
  severity: 'note',
  finds:
    'A waiting state with a time limit and a state after it, and no Catch of the timeout here or around it (a warning on an approval)',
  why: 'One silent worker ends the whole execution, also where the workflow could go on, escalate or clean up.',
  mend: 'Catch States.Timeout with a Next that goes on without the answer.',
  check(state) {
    const goesOn = member(state.node, 'Next') !== undefined;
    const timeout = limitOf(state, 'TimeoutSeconds');
    const limit = timeout ?? limitOf(state, 'HeartbeatSeconds');
    if (!state.resource?.waits || !goesOn || !limit) return [];
    const names = ['States.ALL', 'States.Timeout', ...(timeout ? [] : ['States.HeartbeatTimeout'])];
    for (let at: State | undefined = state; at; at = at.parent) if (survives(at, names)) return [];
    const severity = approvalOf(state) ? 'warning' : 'note';
    return [{ at: state.key, message: 'nothing catches its timeout', severity }];
  },
};

/** A Catch of one of the errors, a Map that tolerates failures, or a placeholder that may be either. */
function survives(state: State, names: readonly string[]): boolean {
  const catches = member(state.node, 'Catch');
  if (state.document.isOpen(state.node) || (catches && catches.type !== 'array')) return true;
  if (['Count', 'Percentage'].some((each) => member(state.node, `ToleratedFailure${each}`))) return true;
  return handlersOf(state, 'Catch').some(({ node, errors }) => {
    const list = member(node, 'ErrorEquals');
    const unknown = list !== undefined && state.document.isTemplated(list);
    return unknown || errors.some(({ name }) => names.includes(name));
  });
}

export const errorRules: readonly Rule[] = [approvalRetried, timeoutBeforeHeartbeat, timeoutNotCaught];
