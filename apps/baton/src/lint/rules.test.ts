import { describe, expect, it } from 'vitest';
import type { Origin } from './document.ts';
import type { Finding } from './finding.ts';
import { lintText } from './lint-text.ts';
import { allRules, stateRules } from './rules.ts';
import { silenceRule } from './silence.ts';
import { unknownDefinitionRule } from './terraform-plan.ts';

type Fields = Readonly<Record<string, unknown>>;

interface Case {
  readonly rule: string;
  readonly when: string;
  /** The state `Subject`, completed by Type, End and, unless given, a limit and a token. */
  readonly state: Fields;
  readonly machine?: Fields;
  readonly origin?: Partial<Origin>;
  /** The severity; undefined when the rule finds nothing. */
  readonly found?: Finding['severity'];
}

const LAMBDA = 'arn:aws:states:::lambda:invoke.waitForTaskToken';
const SQS = 'arn:aws:states:::sqs:sendMessage.waitForTaskToken';
const SNS = 'arn:aws:states:::sns:publish.waitForTaskToken';
const SSM = 'arn:aws:states:::aws-sdk:ssm:sendCommand.waitForTaskToken';
const HTTP = 'arn:aws:states:::apigateway:invoke.waitForTaskToken';
const FUNCTION = 'arn:aws:lambda:eu-west-1:123456789012:function:worker';
const ACTIVITY = 'arn:aws:states:eu-west-1:123456789012:activity:worker';
const TOKEN = { 'taskToken.$': '$$.Task.Token' };

const waiting = (fields: Fields): Fields => ({
  Resource: LAMBDA,
  Parameters: { Payload: TOKEN },
  TimeoutSeconds: 60,
  ...fields,
});
const working = (work: Fields, fields: Fields = {}): Fields =>
  waiting({ Parameters: { Payload: { ...TOKEN, work } }, ...fields });
const approval = (fields: Fields): Fields => working({ kind: 'approval' }, fields);
const jsonata = (fields: Fields): Fields => ({
  QueryLanguage: 'JSONata',
  Resource: LAMBDA,
  TimeoutSeconds: 60,
  ...fields,
});
const unlimited = (fields: Fields = {}): Fields => ({ Resource: LAMBDA, Parameters: { Payload: TOKEN }, ...fields });
const retry = (error: string, more: Fields = {}): Fields => ({ Retry: [{ ErrorEquals: [error], ...more }] });
const catches = (...errors: string[]): Fields => ({
  Catch: errors.map((error) => ({ ErrorEquals: [error], Next: 'Subject' })),
});

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

  { rule: 'token-not-passed', when: 'no parameters', state: unlimited({ Parameters: undefined }), found: 'error' },
  {
    rule: 'token-not-passed',
    when: 'it is only text',
    state: waiting({ Parameters: { taskToken: '$$.Task.Token' } }),
    found: 'error',
  },
  {
    rule: 'token-not-passed',
    when: 'JSONata without it',
    state: jsonata({ Arguments: { Payload: '{% $states.input %}' } }),
    found: 'error',
  },
  {
    rule: 'token-not-passed',
    when: 'JSONata as text',
    state: jsonata({ Arguments: { Payload: '$states.context.Task.Token' } }),
    found: 'error',
  },
  {
    rule: 'token-not-passed',
    when: 'JSONPath in a JSONata state',
    state: jsonata({ Arguments: { 'taskToken.$': '$$.Task.Token' } }),
    found: 'error',
  },
  {
    rule: 'token-not-passed',
    when: 'in an intrinsic function',
    state: waiting({ Parameters: { 'a.$': "States.Format('{}', $$.Task.Token)" } }),
  },
  { rule: 'token-not-passed', when: 'by brackets', state: waiting({ Parameters: { 'a.$': "$$['Task']['Token']" } }) },
  { rule: 'token-not-passed', when: 'within the whole context', state: waiting({ Parameters: { 'a.$': '$$' } }) },
  {
    rule: 'token-not-passed',
    when: 'JSONata',
    state: jsonata({ Arguments: { Payload: { token: '{% $states.context.Task.Token %}' } } }),
  },
  {
    rule: 'token-not-passed',
    when: 'the whole JSONata context',
    state: jsonata({ Arguments: '{% $merge([$states.input, $states.context]) %}' }),
  },
  { rule: 'token-not-passed', when: 'an activity', state: { Resource: ACTIVITY, TimeoutSeconds: 60 } },

  {
    rule: 'token-without-wait',
    when: "a function's own ARN",
    state: { Resource: FUNCTION, Parameters: TOKEN },
    found: 'error',
  },
  {
    rule: 'token-without-wait',
    when: 'the suffix is missing',
    state: { Resource: 'arn:aws:states:::lambda:invoke', Parameters: { Payload: TOKEN } },
    found: 'error',
  },
  {
    rule: 'token-without-wait',
    when: 'a synchronous job',
    state: { Resource: 'arn:aws:states:::ecs:runTask.sync', Parameters: TOKEN },
  },
  {
    rule: 'token-without-wait',
    when: 'the whole context, for its log',
    state: { Resource: FUNCTION, Parameters: { 'context.$': '$$' } },
  },
  {
    rule: 'token-without-wait',
    when: 'the Resource is a placeholder',
    state: { Resource: '${worker}', Parameters: TOKEN },
  },

  { rule: 'token-in-output', when: 'ResultSelector', state: waiting({ ResultSelector: TOKEN }), found: 'error' },
  { rule: 'token-in-output', when: 'Assign', state: waiting({ Assign: TOKEN }), found: 'error' },
  {
    rule: 'token-in-output',
    when: 'Output',
    state: jsonata({ Output: { t: '{% $states.context.Task.Token %}' } }),
    found: 'error',
  },
  {
    rule: 'token-in-output',
    when: 'the Output of a Catch',
    state: jsonata({ Catch: [{ ErrorEquals: ['A'], Next: 'Subject', Output: '{% $states.context.Task.Token %}' }] }),
    found: 'error',
  },
  { rule: 'token-in-output', when: 'a Pass state', state: { Type: 'Pass', Parameters: TOKEN }, found: 'error' },
  { rule: 'token-in-output', when: 'it is only sent', state: waiting({}) },
  {
    rule: 'token-in-output',
    when: 'a Pass state takes the context',
    state: { Type: 'Pass', Parameters: { 'a.$': '$$' } },
  },

  {
    rule: 'token-in-ssm',
    when: 'a command',
    state: waiting({ Resource: SSM, Parameters: { Parameters: { 'commands.$': 'States.Array($$.Task.Token)' } } }),
    found: 'error',
  },
  {
    rule: 'token-in-ssm',
    when: 'a parameter',
    state: waiting({
      Resource: SSM.replace('sendCommand', 'putParameter'),
      Parameters: { 'Value.$': '$$.Task.Token' },
    }),
    found: 'error',
  },
  { rule: 'token-in-ssm', when: 'another service', state: waiting({}) },
  {
    rule: 'token-in-ssm',
    when: 'an id is sent',
    state: { Resource: SSM.replace('.waitForTaskToken', ''), Parameters: { 'Comment.$': '$.id' } },
  },

  {
    rule: 'token-in-url',
    when: 'the query',
    state: waiting({ Resource: HTTP, Parameters: { QueryParameters: { 'token.$': 'States.Array($$.Task.Token)' } } }),
    found: 'error',
  },
  {
    rule: 'token-in-url',
    when: 'the path',
    state: waiting({ Resource: HTTP, Parameters: { 'Path.$': "States.Format('/{}', $$.Task.Token)" } }),
    found: 'error',
  },
  { rule: 'token-in-url', when: 'the body', state: waiting({ Resource: HTTP, Parameters: { RequestBody: TOKEN } }) },

  {
    rule: 'token-in-log',
    when: 'the log shows parameters',
    state: waiting({}),
    origin: { logsParameters: true },
    found: 'error',
  },
  { rule: 'token-in-log', when: 'it does not', state: waiting({}) },

  {
    rule: 'callback-in-express',
    when: 'the machine is',
    state: waiting({}),
    origin: { type: 'EXPRESS' },
    found: 'error',
  },
  { rule: 'callback-in-express', when: 'the machine is not', state: waiting({}), origin: { type: 'STANDARD' } },
  { rule: 'callback-in-express', when: 'it does not wait', state: { Resource: FUNCTION }, origin: { type: 'EXPRESS' } },

  ...[
    'dynamodb:putItem',
    'batch:submitJob',
    'glue:startJobRun',
    'athena:startQueryExecution',
    'codebuild:startBuild',
    'elasticmapreduce:addStep',
    'sagemaker:createTrainingJob',
    'mediaconvert:createJob',
  ].map((action): Case => ({
    rule: 'callback-unsupported',
    when: action,
    state: waiting({ Resource: `arn:aws:states:::${action}.waitForTaskToken` }),
    found: 'error',
  })),
  {
    rule: 'callback-unsupported',
    when: "a function's own ARN",
    state: waiting({ Resource: `${FUNCTION}.waitForTaskToken` }),
    found: 'error',
  },
  ...[
    'lambda:invoke',
    'sqs:sendMessage',
    'sns:publish',
    'events:putEvents',
    'ecs:runTask',
    'eks:call',
    'states:startExecution',
    'apigateway:invoke',
    'bedrock:invokeModel',
    'aws-sdk:dynamodb:putItem',
  ].map((action): Case => ({
    rule: 'callback-unsupported',
    when: action,
    state: waiting({ Resource: `arn:aws:states:::${action}.waitForTaskToken` }),
  })),

  {
    rule: 'definition',
    when: 'the target is missing',
    state: waiting({ Catch: [{ ErrorEquals: ['A'], Next: 'Nowhere' }] }),
    found: 'error',
  },
  {
    rule: 'definition',
    when: 'a path is forgotten',
    state: waiting({ Parameters: { Payload: TOKEN, FunctionName: '$.name' } }),
    found: 'warning',
  },
  {
    rule: 'callback-unsupported',
    when: 'no such integration',
    state: waiting({ Resource: 'arn:aws:states:::no:such.waitForTaskToken' }),
  },

  { rule: 'definition', when: 'it is right', state: waiting({}) },
  {
    rule: 'definition',
    when: 'a placeholder may be right',
    state: waiting({ Resource: 'arn:aws:states:::${service}.waitForTaskToken' }),
  },
  {
    rule: 'definition',
    when: 'a placeholder is the target',
    state: waiting({ Catch: [{ ErrorEquals: ['A'], Next: '${next}' }] }),
  },
];

function definitionOf({ state, machine }: Case, comment?: string): string {
  const end = 'Next' in state ? {} : { End: true };
  const own = comment === undefined ? {} : { Comment: comment };
  const last = 'Next' in state ? { Last: { Type: 'Succeed' } } : {};
  const subject = { Type: 'Task', ...state, ...end, ...own };
  return JSON.stringify({ ...machine, StartAt: 'Subject', States: { Subject: subject, ...last } }, null, 2);
}

const lint = (each: Case, comment?: string): readonly Finding[] =>
  lintText({ file: 'a.asl.json', text: definitionOf(each, comment), ...each.origin }).findings;

describe.each(stateRules.map(({ id }) => id).concat('definition'))('%s', (rule) => {
  const own = cases.filter((each) => each.rule === rule);

  it.each(own.filter(({ found }) => found !== undefined))('finds: $when', (each) => {
    const findings = lint(each).filter((finding) => finding.rule === rule);
    expect(findings.map(({ severity, state }) => ({ severity, state }))).toContainEqual({
      severity: each.found,
      state: 'Subject',
    });
    expect(lint(each, `baton-lint-disable ${rule}: accepted`).filter((finding) => finding.rule === rule)).toEqual([]);
  });

  it.each(own.filter(({ found }) => found === undefined))('leaves alone: $when', (each) => {
    expect(lint(each).filter((finding) => finding.rule === rule)).toEqual([]);
  });

  it('has a case for either', () => {
    expect(new Set(own.map(({ found }) => found !== undefined))).toEqual(new Set([true, false]));
  });
});

describe('silencing', () => {
  const [subject] = cases;
  const rulesFound = (comment: string): readonly string[] => lint(subject!, comment).map(({ rule }) => rule);

  it.each([
    'baton-lint-disable no-time-limit',
    'baton-lint-disable no-time-limit: ',
    'x; baton-lint-disable no-time-limit:;',
  ])('takes no silence without a reason: %s', (comment) =>
    expect(rulesFound(comment)).toEqual(expect.arrayContaining(['no-time-limit', silenceRule.id])),
  );

  it.each(['baton-lint-disable: because', 'baton-lint-disable', 'baton-lint-disable no-such-rule: because'])(
    'takes no silence of a rule that is not there: %s',
    (comment) => expect(rulesFound(comment)).toEqual(expect.arrayContaining(['no-time-limit', silenceRule.id])),
  );

  it('silences several rules, each for its reason', () => {
    const comment =
      'Sends. baton-lint-disable no-time-limit: a test. baton-lint-disable token-not-passed: polled; by hand';
    expect(lint({ ...subject!, state: unlimited({ Parameters: {} }) }, comment)).toEqual([]);
  });

  it('cannot silence the rule about itself', () => {
    const comment = `baton-lint-disable ${silenceRule.id}: no. baton-lint-disable no-time-limit`;
    expect(rulesFound(comment)).toEqual(expect.arrayContaining(['no-time-limit', silenceRule.id]));
  });

  it('silences in its own state alone', () => {
    const other = { Type: 'Parallel', Comment: 'baton-lint-disable no-time-limit: not mine', End: true };
    const branch = { StartAt: 'Inner', States: { Inner: { Type: 'Task', ...unlimited(), End: true } } };
    const text = JSON.stringify({ StartAt: 'Outer', States: { Outer: { ...other, Branches: [branch] } } });
    expect(lintText({ file: 'a.asl.json', text }).findings.map(({ rule, state }) => [rule, state])).toEqual([
      ['no-time-limit', 'Inner'],
    ]);
  });

  it("silences what lies outside of states in the machine's comment", () => {
    const text = (Comment: string): string =>
      JSON.stringify({ Comment, StartAt: 'A', States: { B: { Type: 'Succeed' } } });
    expect(lintText({ file: 'a.asl.json', text: text('') }).findings.map(({ state }) => state)).toContain(undefined);
    const silenced = lintText({ file: 'a.asl.json', text: text('baton-lint-disable definition: a draft') }).findings;
    expect(silenced.filter(({ state }) => state === undefined)).toEqual([]);
  });
});

it('has one rule for each id', () => {
  expect(allRules.map(({ id }) => id)).toEqual([...new Set(allRules.map(({ id }) => id))]);
  const tested = [...cases.map(({ rule }) => rule), silenceRule.id, unknownDefinitionRule.id];
  expect(new Set(tested)).toEqual(new Set(allRules.map(({ id }) => id)));
});
