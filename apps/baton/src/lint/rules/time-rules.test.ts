import {
  ACTIVITY,
  approval,
  type Case,
  checkRules,
  FUNCTION,
  SQS,
  TOKEN,
  unlimited,
  waiting,
  working,
} from './check-rules.ts';
import { timeRules } from './time-rules.ts';

const SNS = 'arn:aws:states:::sns:publish.waitForTaskToken';

const cases: readonly Case[] = [
  { rule: 'no-time-limit', when: 'there is none', state: unlimited(), found: 'error' },
  { rule: 'no-time-limit', when: 'an activity has none', state: { Resource: ACTIVITY }, found: 'error' },
  {
    rule: 'no-time-limit',
    when: 'it is longer than a year',
    state: unlimited({ TimeoutSeconds: 99_999_999 }),
    found: 'error',
  },
  {
    rule: 'no-time-limit',
    when: 'only the machine has one',
    state: unlimited(),
    machine: { TimeoutSeconds: 60 },
    found: 'warning',
  },
  {
    rule: 'no-time-limit',
    when: "the machine's is longer than a year",
    state: unlimited(),
    machine: { TimeoutSeconds: 99_999_999 },
    found: 'error',
  },
  { rule: 'no-time-limit', when: 'there is a heartbeat', state: unlimited({ HeartbeatSeconds: 60 }) },
  { rule: 'no-time-limit', when: 'the input has it', state: unlimited({ TimeoutSecondsPath: '$.limit' }) },
  { rule: 'no-time-limit', when: 'the task does not wait', state: { Resource: FUNCTION } },

  { rule: 'heartbeat-not-shorter', when: 'equal', state: waiting({ HeartbeatSeconds: 60 }), found: 'error' },
  {
    rule: 'heartbeat-not-shorter',
    when: 'one path is both',
    state: unlimited({ TimeoutSecondsPath: '$.a', HeartbeatSecondsPath: '$.a' }),
    found: 'error',
  },
  { rule: 'heartbeat-not-shorter', when: 'shorter', state: waiting({ HeartbeatSeconds: 59 }) },
  {
    rule: 'heartbeat-not-shorter',
    when: 'two paths',
    state: unlimited({ TimeoutSecondsPath: '$.a', HeartbeatSecondsPath: '$.b' }),
  },

  { rule: 'heartbeat-nobody-sends', when: 'an approval', state: approval({ HeartbeatSeconds: 9 }), found: 'error' },
  {
    rule: 'heartbeat-nobody-sends',
    when: 'a webhook',
    state: working({ kind: 'webhook' }, { HeartbeatSeconds: 9 }),
    found: 'error',
  },
  {
    rule: 'heartbeat-nobody-sends',
    when: "a function's name says approval",
    state: waiting({ Parameters: { FunctionName: 'SendApprovalMail', Payload: TOKEN }, HeartbeatSeconds: 9 }),
    found: 'warning',
  },
  {
    rule: 'heartbeat-nobody-sends',
    when: 'a topic',
    state: waiting({ Resource: SNS, HeartbeatSeconds: 9 }),
    found: 'warning',
  },
  {
    rule: 'heartbeat-nobody-sends',
    when: 'a queue',
    state: waiting({ Resource: SQS, HeartbeatSeconds: 9 }),
    found: 'note',
  },
  {
    rule: 'heartbeat-nobody-sends',
    when: 'a host',
    state: working({ kind: 'ssm', timeoutSeconds: 60, heartbeatSeconds: 9 }, { HeartbeatSeconds: 9 }),
  },
  { rule: 'heartbeat-nobody-sends', when: 'an approval has none', state: approval({}) },

  {
    rule: 'heartbeat-too-short',
    when: 'a host is hardly started',
    state: working({ kind: 'ssm', timeoutSeconds: 60, heartbeatSeconds: 59 }, { HeartbeatSeconds: 59 }),
    found: 'warning',
  },
  {
    rule: 'heartbeat-too-short',
    when: 'a queue still has the message of a dead worker',
    state: working({ kind: 'queue', heartbeatSeconds: 900 }, { TimeoutSeconds: 3600, HeartbeatSeconds: 900 }),
    found: 'note',
  },
  {
    rule: 'heartbeat-too-short',
    when: 'a host has a minute',
    state: working({ kind: 'ssm', heartbeatSeconds: 60 }, { TimeoutSeconds: 3600, HeartbeatSeconds: 60 }),
  },
  {
    rule: 'heartbeat-too-short',
    when: 'a queue has given up before',
    state: working({ kind: 'queue', heartbeatSeconds: 901 }, { TimeoutSeconds: 3600, HeartbeatSeconds: 901 }),
  },
  { rule: 'heartbeat-too-short', when: 'a queue without heartbeats', state: working({ kind: 'queue' }) },

  {
    rule: 'work-limits-differ',
    when: 'another number',
    state: working({ kind: 'ssm', timeoutSeconds: 61 }),
    found: 'error',
  },
  {
    rule: 'work-limits-differ',
    when: 'another path',
    state: working(
      { kind: 'queue', 'timeoutSeconds.$': '$.a' },
      { TimeoutSeconds: undefined, TimeoutSecondsPath: '$.b' },
    ),
    found: 'error',
  },
  {
    rule: 'work-limits-differ',
    when: 'the work alone has one',
    state: working({ kind: 'queue', timeoutSeconds: 60, heartbeatSeconds: 9 }),
    found: 'error',
  },
  { rule: 'work-limits-differ', when: 'a host is not told', state: working({ kind: 'ssm' }), found: 'error' },
  { rule: 'work-limits-differ', when: 'an approval is not told', state: approval({}) },
  { rule: 'work-limits-differ', when: 'equal numbers', state: working({ kind: 'ssm', timeoutSeconds: 60 }) },
  {
    rule: 'work-limits-differ',
    when: 'one path',
    state: working(
      { kind: 'queue', 'timeoutSeconds.$': '$.a' },
      { TimeoutSeconds: undefined, TimeoutSecondsPath: '$.a' },
    ),
  },
];

checkRules(timeRules, cases);
