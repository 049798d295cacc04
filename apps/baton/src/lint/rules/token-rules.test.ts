import { ACTIVITY, type Case, checkRules, FUNCTION, LAMBDA, TOKEN, unlimited, waiting } from './check-rules.ts';
import { tokenRules } from './token-rules.ts';

const SSM = 'arn:aws:states:::aws-sdk:ssm:sendCommand.waitForTaskToken';
const HTTP = 'arn:aws:states:::apigateway:invoke.waitForTaskToken';

const jsonata = (fields: Case['state']): Case['state'] => ({
  QueryLanguage: 'JSONata',
  Resource: LAMBDA,
  TimeoutSeconds: 60,
  ...fields,
});

const cases: readonly Case[] = [
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
    when: 'JSONata in a JSONPath state',
    state: waiting({ Parameters: { Payload: { token: '{% $states.context.Task.Token %}' } } }),
    found: 'error',
  },
  {
    rule: 'token-not-passed',
    when: 'what comes in is something else',
    state: waiting({ InputPath: '$.order', Parameters: { 'Payload.$': '$' } }),
    found: 'error',
  },
  {
    rule: 'token-not-passed',
    when: 'what comes in is the context',
    state: waiting({ InputPath: '$$.Task', Parameters: { Payload: { 'token.$': '$.Token' } } }),
  },
  { rule: 'token-not-passed', when: 'searched', state: waiting({ Parameters: { 'a.$': '$$.Task.*' } }) },
  {
    rule: 'token-not-passed',
    when: 'JSONata with quoted names',
    state: jsonata({ Arguments: { Payload: '{% $states."context".`Task`.\'Token\' %}' } }),
  },
  {
    rule: 'token-not-passed',
    when: 'JSONata that searches',
    state: jsonata({ Arguments: { Payload: '{% $states.context.**.Token %}' } }),
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
  { rule: 'token-without-wait', when: 'an activity', state: { Resource: ACTIVITY, Parameters: TOKEN } },
  {
    rule: 'token-without-wait',
    when: 'a placeholder may hold the pattern',
    state: { Resource: 'arn:aws:states:::lambda:invoke${pattern}', Parameters: TOKEN },
  },
  {
    rule: 'token-without-wait',
    when: 'a placeholder is the partition',
    state: { Resource: 'arn:${partition}:states:::lambda:invoke', Parameters: TOKEN },
    found: 'error',
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
  { rule: 'token-in-output', when: 'OutputPath', state: waiting({ OutputPath: '$$.Task.Token' }), found: 'error' },
  {
    rule: 'token-in-output',
    when: 'the InputPath of a Pass state',
    state: { Type: 'Pass', InputPath: '$$.Task.Token' },
    found: 'error',
  },
  { rule: 'token-in-output', when: 'the InputPath of a task', state: waiting({ InputPath: '$$.Task.Token' }) },
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
    rule: 'callback-unsupported',
    when: 'no such integration',
    state: waiting({ Resource: 'arn:aws:states:::no:such.waitForTaskToken' }),
  },
];

checkRules(tokenRules, cases);
