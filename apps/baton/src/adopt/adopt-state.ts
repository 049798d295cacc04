/** Rewrites a waiting state into dispatched work: the token goes to Baton, and the state gets its limits, its retries and a catch. */
import { copyValue } from '../lint/change/copy.ts';
import type { Change, Json } from '../lint/change/change.ts';
import { member, membersOf, type Node } from '../lint/json-tree.ts';
import { type State, withAction } from '../lint/machine-states.ts';
import { DISPATCH_ERRORS } from '../lint/rules/error-rules.ts';
import { sentBy } from '../lint/task-token.ts';
import { limitOf } from '../lint/time-limit.ts';
import { workOf } from '../lint/work.ts';
import { type AdoptOptions, workOfTask } from './work-of-task.ts';

export interface AdoptSettings extends AdoptOptions {
  /** What the definition calls the dispatcher. */
  readonly dispatcher: Json;
}

export type AdoptedState =
  | { readonly kind: 'adopted'; readonly work: string; readonly changes: readonly Change[] }
  | { readonly kind: 'refused'; readonly reason: string };

/** @returns undefined for a state that does not wait, or whose work is dispatched already */
export function adoptState(state: State, states: Node, settings: AdoptSettings): AdoptedState | undefined {
  const { resource, node, document } = state;
  if (!resource?.waits || workOf(state)) return undefined;
  if (document.isOpen(node)) return { kind: 'refused', reason: 'a template decides which members it has' };
  const task = workOfTask(state, settings);
  if (task.kind === 'refused') return task;
  const sent = sentBy(state);
  if (!sent) return { kind: 'refused', reason: 'it sends nothing' };
  const isMachine = task.kind === 'lambda' || task.kind === 'queue';
  const limits = limitsOf(state, isMachine);
  const payload = {
    ...expression(state, 'taskToken', '$$.Task.Token', 'Task.Token'),
    context: contextOf(state),
    work: { kind: task.kind, ...task.work, ...limits.ofWork },
  };
  const changes: readonly Change[] = [
    {
      kind: 'replace',
      node: resource.node,
      value: withAction(state, () => DISPATCH) ?? `arn:aws:states:::${DISPATCH}`,
    },
    { kind: 'replace', node: sent, value: { FunctionName: settings.dispatcher, Payload: payload } },
    ...limits.changes,
    ...handlers(state, states),
  ];
  return { kind: 'adopted', work: task.kind, changes };
}

const DISPATCH = 'lambda:invoke.waitForTaskToken';

/** A member that the state's query language evaluates. */
const expression = (
  { language }: State,
  name: string,
  path: string,
  ofContext: string,
): Readonly<Record<string, Json>> =>
  language === 'JSONata' ? { [name]: `{% $states.context.${ofContext} %}` } : { [`${name}.$`]: path };

/** What tells one piece of work from another: see examples/. */
function contextOf(state: State): Json {
  const inMap = state.parent?.type === 'Map';
  return {
    ...expression(state, 'executionArn', '$$.Execution.Id', 'Execution.Id'),
    ...expression(state, 'redriveCount', '$$.Execution.RedriveCount', 'Execution.RedriveCount'),
    ...expression(state, 'state', '$$.State.Name', 'State.Name'),
    ...expression(state, 'enteredTime', '$$.State.EnteredTime', 'State.EnteredTime'),
    ...expression(state, 'retryCount', '$$.State.RetryCount', 'State.RetryCount'),
    ...(inMap ? expression(state, 'mapIndex', '$$.Map.Item.Index', 'Map.Item.Index') : {}),
  };
}

interface Limits {
  readonly ofWork: Readonly<Record<string, Json>>;
  readonly changes: readonly Change[];
}

const DAY_SECONDS = 86_400;

/** The state's limits stand in the work too. Without one, it gets a day, or a week where somebody outside answers. */
function limitsOf(state: State, isMachine: boolean): Limits {
  const { node, document } = state;
  const timeout = limitOf(state, 'TimeoutSeconds');
  const heartbeat = limitOf(state, 'HeartbeatSeconds');
  const usual = isMachine ? DAY_SECONDS : 7 * DAY_SECONDS;
  const too = member(node, 'TimeoutSeconds');
  const given: readonly Change[] = timeout
    ? []
    : too
      ? [{ kind: 'replace', node: too, value: usual }]
      : [{ kind: 'insert', into: node, name: 'TimeoutSeconds', value: usual }];
  // One that is not below the timeout has never told anything.
  const tells = !heartbeat || heartbeat.seconds === undefined || heartbeat.seconds < (timeout?.seconds ?? usual);
  const beats = isMachine && tells ? heartbeat : undefined;
  const silent: readonly Change[] =
    heartbeat && !beats && member(node, 'HeartbeatSeconds')
      ? [{ kind: 'remove', from: node, name: 'HeartbeatSeconds' }]
      : [];
  const name = (limit: string, own: Node): string => {
    const plain = limit.replace(/^./, (first) => first.toLowerCase());
    return member(node, `${limit}Path`) === own ? `${plain}.$` : plain;
  };
  return {
    ofWork: {
      ...(timeout
        ? { [name('TimeoutSeconds', timeout.node)]: copyValue(document, timeout.node) }
        : { timeoutSeconds: usual }),
      ...(beats ? { [name('HeartbeatSeconds', beats.node)]: copyValue(document, beats.node) } : {}),
    },
    changes: [...given, ...silent],
  };
}

/** A dispatch that failed is tried again; any other end is caught, so that the workflow can answer it by its name. */
function handlers(state: State, states: Node): readonly Change[] {
  const { node, name, language } = state;
  const retry: Json = {
    ErrorEquals: [...DISPATCH_ERRORS, 'Baton.Unavailable'],
    ...{ IntervalSeconds: 2, MaxAttempts: 4, BackoffRate: 2, JitterStrategy: 'FULL' },
  };
  const retries: readonly Change[] = member(node, 'Retry')
    ? []
    : [{ kind: 'insert', into: node, name: 'Retry', value: [retry] }];
  if (member(node, 'Catch')) return retries;
  const failed = freeName(states, `${name} Failed`);
  const end: Json =
    language === 'JSONata'
      ? { Type: 'Fail', Error: '{% $states.input.Error %}', Cause: '{% $states.input.Cause %}' }
      : { Type: 'Fail', ErrorPath: '$.Error', CausePath: '$.Cause' };
  return [
    ...retries,
    {
      kind: 'insert',
      into: node,
      name: 'Catch',
      value: [
        {
          ErrorEquals: ['States.ALL'],
          ...(language === 'JSONata' ? { Output: '{% $states.errorOutput %}' } : {}),
          Next: failed,
        },
      ],
    },
    { kind: 'insert', into: states, name: failed, value: end },
  ];
}

/** Names of states are at most 80 characters long (documented). */
function freeName(states: Node, wanted: string): string {
  const taken = new Set(membersOf(states).map(({ name }) => name));
  const short = wanted.length > 76 ? `${wanted.slice(0, 60)} Failed` : wanted;
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? short : `${short} ${number}`;
    if (!taken.has(name)) return name;
  }
}
