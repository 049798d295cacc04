import type { Change, Json } from '../change/change.ts';
import { member, type Node } from '../json-tree.ts';
import type { State } from '../machine-states.ts';
import type { Report, Rule } from '../rule.ts';
import { decidesLimit, limitOf, machineLimit, type TimeLimit, workLimit } from '../time-limit.ts';
import { approvalOf, workOf } from '../work.ts';

const noTimeLimit: Rule = {
  id: 'no-time-limit',
  severity: 'error',
  finds:
    'A waiting state with neither TimeoutSeconds nor HeartbeatSeconds (a warning where the machine has TimeoutSeconds)',
  why: 'A callback that gets lost leaves the execution RUNNING for up to a year, and no alarm notices.',
  mend: 'Give the state TimeoutSeconds: the longest that the work may take, queueing included.',
  check(state) {
    if (!state.resource?.waits || state.document.isOpen(state.node)) return [];
    if (limitOf(state, 'TimeoutSeconds') || limitOf(state, 'HeartbeatSeconds')) return [];
    const changes = [{ kind: 'insert', into: state.node, name: 'TimeoutSeconds', value: usualLimit(state) } as const];
    if (!machineLimit(state.document)) return [{ at: state.key, message: 'waits without a time limit', changes }];
    const message =
      "waits without a time limit of its own: the machine's ends the whole execution, and no Catch sees it";
    return [{ at: state.key, message, severity: 'warning', changes }];
  },
};

/** What --fix gives a state: the limit of its work, or long enough for most: a day, and a week where people decide. */
function usualLimit(state: State): Json {
  const work = workOf(state);
  const given = work && workLimit(state, work.node, 'timeoutSeconds');
  return given?.seconds ?? (approvalOf(state) ? 7 * DAY_SECONDS : DAY_SECONDS);
}

const DAY_SECONDS = 86_400;

const heartbeatNotShorter: Rule = {
  id: 'heartbeat-not-shorter',
  severity: 'error',
  finds: 'HeartbeatSeconds that is not below TimeoutSeconds',
  why: 'Step Functions refuses the definition; and a heartbeat that long would never notice a lost worker before the timeout does.',
  mend: 'Choose HeartbeatSeconds several times shorter than TimeoutSeconds, and beat at a third of it.',
  check(state) {
    if (!decidesLimit(state, 'TimeoutSeconds') || !decidesLimit(state, 'HeartbeatSeconds')) return [];
    const timeout = limitOf(state, 'TimeoutSeconds');
    const heartbeat = limitOf(state, 'HeartbeatSeconds');
    if (!timeout || !heartbeat) return [];
    const known = timeout.seconds !== undefined && heartbeat.seconds !== undefined;
    const shorter = known ? Number(heartbeat.seconds) < Number(timeout.seconds) : heartbeat.text !== timeout.text;
    if (shorter) return [];
    return [
      {
        at: heartbeat.node,
        message: `HeartbeatSeconds (${heartbeat.text}) is not shorter than TimeoutSeconds (${timeout.text})`,
      },
    ];
  },
};

/** Integrations whose receiver sends heartbeats only if its author made it do so. */
const SILENT: Readonly<Record<string, string>> = {
  'sns:publish': 'a topic, an e-mail or a phone',
  'apigateway:invoke': 'an HTTP endpoint',
  'events:putEvents': 'an event bus',
};

const heartbeatNobodySends: Rule = {
  id: 'heartbeat-nobody-sends',
  severity: 'error',
  finds:
    'HeartbeatSeconds where nobody beats: an approval or a webhook (a warning where it only looks like one, or goes to a topic, a bus or an HTTP endpoint; a note for a queue)',
  why: 'Without heartbeats the task fails with States.Timeout after the first interval, however soon the answer would have come.',
  mend: 'Use TimeoutSeconds alone, or let the worker call SendTaskHeartbeat and say so in the silencing comment.',
  check(state) {
    const heartbeat = limitOf(state, 'HeartbeatSeconds');
    if (!heartbeat || !state.resource?.waits) return [];
    const found = silence(state);
    if (!found) return [];
    const certain =
      found.severity === undefined && limitOf(state, 'TimeoutSeconds') && member(state.node, 'HeartbeatSeconds');
    const changes = [{ kind: 'remove', from: state.node, name: 'HeartbeatSeconds' } as const];
    return [{ at: heartbeat.node, ...found, ...(certain ? { changes } : {}) }];
  },
};

function silence(state: State): Pick<Report, 'message' | 'severity'> | undefined {
  const kind = workOf(state)?.kind;
  if (kind === 'approval') return { message: 'people who approve send no heartbeats' };
  if (kind === 'webhook') return { message: 'a partner who calls back sends no heartbeats' };
  if (approvalOf(state))
    return { message: 'this looks like an approval, and people send no heartbeats', severity: 'warning' };
  const action = state.resource?.action ?? '';
  const receiver = SILENT[action];
  if (receiver !== undefined) return { message: `${receiver} sends no heartbeats by itself`, severity: 'warning' };
  if (action !== 'sqs:sendMessage') return undefined;
  return {
    message: 'nobody beats while the message waits in the queue: a backlog longer than this fails the task',
    severity: 'note',
  };
}

/** The cold start of the dispatcher, SSM's delivery and the host's claim, each of which may take a part of it. */
const START_OF_HOST_SECONDS = 60;

/** How long module queue-worker tries a message by default: 5 receives, each hidden for 6 x 30 seconds. A test holds it to the module. */
const REDELIVERY_SECONDS = 900;

const heartbeatTooShort: Rule = {
  id: 'heartbeat-too-short',
  severity: 'warning',
  finds: `HeartbeatSeconds that pass before the first heartbeat: below ${START_OF_HOST_SECONDS} for work on a host; up to ${REDELIVERY_SECONDS} for work of a queue, which module queue-worker tries for so long by default (a note)`,
  why: 'The task fails while its worker is still being started, or before the queue gives the message of a dead worker to another.',
  mend: `A host: ${START_OF_HOST_SECONDS} or more. A queue: leave HeartbeatSeconds out, because its dead letters fail the task, or make it longer than max_receive_count visibility timeouts.`,
  check(state) {
    const heartbeat = limitOf(state, 'HeartbeatSeconds');
    const kind = workOf(state)?.kind;
    if (heartbeat?.seconds === undefined) return [];
    const at = heartbeat.node;
    if (kind === 'ssm' && heartbeat.seconds < START_OF_HOST_SECONDS)
      return [{ at, message: `${heartbeat.text} seconds may pass before a host has claimed its work` }];
    if (kind === 'queue' && heartbeat.seconds <= REDELIVERY_SECONDS)
      return [{ at, message: `a queue may try a message for longer than ${heartbeat.text} seconds`, severity: 'note' }];
    return [];
  },
};

const workLimitsDiffer: Rule = {
  id: 'work-limits-differ',
  severity: 'error',
  finds:
    "`work.timeoutSeconds` or `work.heartbeatSeconds` that is not the state's (the same number, template variable, path or expression)",
  why: 'The worker would stop too early, or run on and beat too seldom when Step Functions has given the task up.',
  mend: 'Write the same number or the same template variable in both places.',
  check(state) {
    const work = workOf(state);
    if (!work) return [];
    return (['TimeoutSeconds', 'HeartbeatSeconds'] as const).flatMap((name): readonly Report[] => {
      if (!decidesLimit(state, name)) return [];
      const inWork = name.replace(/^./, (first) => first.toLowerCase());
      const own = limitOf(state, name);
      const given = workLimit(state, work.node, inWork);
      if (own?.text === given?.text) return [];
      if (!given)
        return needsLimits(work.kind) && !state.document.isOpen(work.node)
          ? [
              {
                at: work.node,
                message: `work.${inWork} is missing beside ${name}`,
                changes: insertion(work.node, inWork, own),
              },
            ]
          : [];
      const message = own
        ? `work.${inWork} is ${given.text}, ${name} is ${own.text}`
        : `work.${inWork} stands without ${name}`;
      // The state's own limit is the one that Step Functions keeps.
      const changes =
        own?.seconds === undefined ? [] : [{ kind: 'replace', node: given.node, value: own.seconds } as const];
      return [{ at: given.node, message, ...(changes.length > 0 ? { changes } : {}) }];
    });
  },
};

const insertion = (into: Node, name: string, limit: TimeLimit | undefined): readonly Change[] =>
  limit?.seconds === undefined ? [] : [{ kind: 'insert', into, name, value: limit.seconds }];

/** A host needs its limits; other workers may do without. */
const needsLimits = (kind: string): boolean => kind === 'ssm';

export const timeRules: readonly Rule[] = [
  noTimeLimit,
  heartbeatNotShorter,
  heartbeatNobodySends,
  heartbeatTooShort,
  workLimitsDiffer,
];
