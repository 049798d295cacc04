import { approval, type Case, checkRules, TOKEN, unlimited, waiting, working } from './check-rules.ts';
import { errorRules } from './error-rules.ts';

const retry = (error: string, more: object = {}): Case['state'] => ({ Retry: [{ ErrorEquals: [error], ...more }] });
const catches = (...errors: string[]): Case['state'] => ({
  Catch: errors.map((error) => ({ ErrorEquals: [error], Next: 'Subject' })),
});

const cases: readonly Case[] = [
  ...['States.ALL', 'States.Timeout', 'States.HeartbeatTimeout', 'States.TaskFailed'].map((error): Case => ({
    rule: 'approval-retried',
    when: error,
    state: approval(retry(error)),
    found: 'error',
  })),
  {
    rule: 'approval-retried',
    when: 'the name says approval',
    state: waiting({ Parameters: { FunctionName: 'approve', Payload: TOKEN }, ...retry('States.ALL') }),
    found: 'warning',
  },
  { rule: 'approval-retried', when: 'never repeated', state: approval(retry('States.Timeout', { MaxAttempts: 0 })) },
  {
    rule: 'approval-retried',
    when: 'an error of the dispatch',
    state: approval(retry('Lambda.TooManyRequestsException')),
  },
  { rule: 'approval-retried', when: 'a host is retried', state: working({ kind: 'ssm' }, retry('States.ALL')) },

  {
    rule: 'timeout-before-heartbeat',
    when: 'in Catch',
    state: waiting(catches('States.Timeout', 'States.HeartbeatTimeout')),
    found: 'error',
  },
  {
    rule: 'timeout-before-heartbeat',
    when: 'in Retry',
    state: waiting({ Retry: [{ ErrorEquals: ['A', 'States.Timeout'] }, { ErrorEquals: ['States.HeartbeatTimeout'] }] }),
    found: 'error',
  },
  {
    rule: 'timeout-before-heartbeat',
    when: 'the other way round',
    state: waiting(catches('States.HeartbeatTimeout', 'States.Timeout')),
  },
  {
    rule: 'timeout-before-heartbeat',
    when: 'in one list',
    state: waiting({ Retry: [{ ErrorEquals: ['States.Timeout', 'States.HeartbeatTimeout'] }] }),
  },

  { rule: 'timeout-not-caught', when: 'a state follows', state: waiting({ Next: 'Last' }), found: 'note' },
  { rule: 'timeout-not-caught', when: 'an approval', state: approval({ Next: 'Last' }), found: 'warning' },
  {
    rule: 'timeout-not-caught',
    when: 'only the heartbeat is caught',
    state: waiting({ Next: 'Last', ...catches('States.HeartbeatTimeout') }),
    found: 'note',
  },
  {
    rule: 'timeout-not-caught',
    when: 'the only limit is the heartbeat',
    state: unlimited({ HeartbeatSeconds: 9, Next: 'Last', ...catches('States.HeartbeatTimeout') }),
  },
  { rule: 'timeout-not-caught', when: 'caught', state: waiting({ Next: 'Last', ...catches('States.Timeout') }) },
  {
    rule: 'timeout-not-caught',
    when: 'everything is caught',
    state: waiting({ Next: 'Last', ...catches('States.ALL') }),
  },
  {
    rule: 'timeout-not-caught',
    when: 'a placeholder may catch it',
    state: waiting({ Next: 'Last', ...catches('${error}') }),
  },
  {
    rule: 'timeout-not-caught',
    when: 'a placeholder is the Catch',
    state: waiting({ Next: 'Last', Catch: '${catch}' }),
  },
  { rule: 'timeout-not-caught', when: 'it is the last state', state: waiting({}) },
];

checkRules(errorRules, cases);
