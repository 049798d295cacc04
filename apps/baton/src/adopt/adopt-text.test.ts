import { startBaton } from '@baton/testing';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { lintText } from '../lint/lint-text.ts';
import { type HclParser, loadHclParser } from '../lint/read/hcl-parser.ts';
import { type Adopted, adoptText } from './adopt-text.ts';

let hcl: HclParser;
beforeAll(async () => {
  hcl = await loadHclParser();
});

const adopt = (file: string, text: string): Adopted => adoptText({ file, text, approvers: [] }, { hcl });
const complaints = (file: string, text: string): readonly string[] => {
  const { findings, problems } = lintText({ file, text }, { hcl });
  return [
    ...problems.map(({ message }) => message),
    ...findings.filter(({ severity }) => severity !== 'note').map(({ rule, message }) => `${rule} ${message}`),
  ];
};

describe('every form', () => {
  const forms = fileURLToPath(new URL('../../test/forms/', import.meta.url));

  it.each([
    'asl/machine.asl.json',
    'asl/machine.asl.yaml',
    'cloudformation/object.json',
    'cloudformation/string.yaml',
    'sam/object.yaml',
    'sam/uri.asl.json',
    'serverless/included.yml',
    'serverless/serverless.yml',
    'terraform/locals.tf',
    'terraform/main.tf',
  ])('%s is free of findings then, and left alone by the next call', (name) => {
    const before = readFileSync(forms + name, 'utf8');
    const isLocal = name === 'terraform/locals.tf';
    const { text, adopted, refused } = adopt(name, before);
    if (isLocal) return expect(adopted).toEqual([]);
    expect(refused).toEqual([]);
    expect(adopted.map(({ work }) => work)).toEqual(adopted.map((_, index) => (index % 2 === 0 ? 'lambda' : 'queue')));
    expect(adopted.length).toBeGreaterThan(1);
    expect(complaints(name, text)).toEqual([]);
    expect(adopt(name, text)).toMatchObject({ text, adopted: [], refused: [] });
    const comments = (of: string): readonly string[] => of.match(/#(?! longer than)[^\n]*/g) ?? [];
    expect(comments(text)).toEqual(comments(before));
  });
});

const bare = (Resource: string, Parameters: object, fields: object = {}): string =>
  JSON.stringify(
    { StartAt: 'Do', States: { Do: { Type: 'Task', Resource, Parameters, ...fields, End: true } } },
    null,
    2,
  );

const CASES = {
  lambda: bare('arn:aws:states:::lambda:invoke.waitForTaskToken', {
    FunctionName: 'resize',
    Payload: { 'file.$': '$.file', token: { 'value.$': '$$.Task.Token' }, 'taskToken.$': '$$.Task.Token' },
  }).replace(/\s+"token": \{[^}]*\},/, ''),
  queue: bare('arn:aws:states:::sqs:sendMessage.waitForTaskToken', {
    QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/jobs',
    MessageBody: { 'file.$': '$.file', 'taskToken.$': '$$.Task.Token' },
  }),
  approval: bare(
    'arn:aws:states:::sns:publish.waitForTaskToken',
    {
      TopicArn: 'arn:aws:sns:us-east-1:123456789012:releases',
      Subject: 'Release it?',
      Message: { 'file.$': '$.file', 'taskToken.$': '$$.Task.Token' },
    },
    { HeartbeatSeconds: 60, Retry: [{ ErrorEquals: ['States.ALL'] }] },
  ),
  webhook: bare('arn:aws:states:::apigateway:invoke.waitForTaskToken', {
    ApiEndpoint: 'partner.example.com',
    Method: 'POST',
    Path: '/orders',
    RequestBody: { 'file.$': '$.file', 'token.$': '$$.Task.Token' },
  }),
} as const;

describe.each(Object.entries(CASES))('a bare state of kind %s', (kind, before) => {
  const { text, adopted, refused } = adopt('a.asl.json', before);

  it('is dispatched work, with limits, retries and a catch', () => {
    expect({ adopted, refused }).toEqual({ adopted: [{ state: 'Do', work: kind }], refused: [] });
    const { States } = JSON.parse(text) as { States: Record<string, Record<string, unknown>> };
    expect(States['Do']).toMatchObject({
      TimeoutSeconds: kind === 'lambda' || kind === 'queue' ? 86_400 : 604_800,
      Retry: [{ ErrorEquals: expect.arrayContaining(['Lambda.TooManyRequestsException']) as unknown }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Do Failed' }],
    });
    expect(complaints('a.asl.json', text)).toEqual([]);
    expect(text).not.toMatch(/"[^"]*"\s*:\s*"\$\$\.Task\.Token"[\s\S]*\$\$\.Task\.Token/);
  });

  it('completes', async () => {
    const baton = await startBaton({ workflow: JSON.parse(text) as object });
    const run = await baton.start({ file: 'a.png' });
    await run.waiting('Do');
    const callback = run.callback('Do');
    if (kind === 'approval') await callback.approve('releases');
    else await callback.succeed({ done: 1 });
    expect(await run.result()).toMatchObject(kind === 'approval' ? { decision: 'approved' } : { done: 1 });
  });
});

it('ends by name when the worker is killed', async () => {
  const { text } = adopt('a.asl.json', CASES.lambda);
  const killed = (): never => {
    throw Object.assign(new Error('RequestId: 1 Error: Runtime exited'), { name: 'Runtime.ExitError' });
  };
  const baton = await startBaton({ workflow: JSON.parse(text) as object, workers: { resize: killed } });
  const run = await baton.start({ file: 'a.png' });
  await expect(run.result()).rejects.toMatchObject({ error: 'Runtime.ExitError' });
});

it('keeps the comments and the functions of what it takes over', () => {
  const before = `Resources:
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: Do
        States:
          Do:
            Type: Task
            Resource: !Sub arn:\${AWS::Partition}:states:::lambda:invoke.waitForTaskToken # the worker
            Parameters:
              FunctionName: !GetAtt Worker.Arn
              Payload:
                # what to do
                order: # all of it
                  id.$: $.id # of the shop
                taskToken.$: $$.Task.Token
            End: true
`;
  const { text } = adopt('template.yaml', before);
  expect(text).toContain('lambda:invoke.waitForTaskToken # the worker\n');
  expect(text).toContain('functionName: !GetAtt Worker.Arn\n');
  expect(text).toContain(`
                  payload:
                    # what to do
                    order: # all of it
                      id.$: $.id # of the shop
`);
});

it.each([
  [
    'a container',
    bare('arn:aws:states:::ecs:runTask.waitForTaskToken', { Overrides: { 'token.$': '$$.Task.Token' } }),
    /^no kind of work stands for ecs:runTask/,
  ],
  ['an activity', bare('arn:aws:states:us-east-1:123456789012:activity:work', {}), /^an activity/],
  [
    'a token within an expression',
    bare('arn:aws:states:::sqs:sendMessage.waitForTaskToken', {
      QueueUrl: 'q',
      'MessageBody.$': "States.Format('{}', $$.Task.Token)",
    }),
    /^the token is a part of the expression/,
  ],
  [
    'a delay',
    bare('arn:aws:states:::sqs:sendMessage.waitForTaskToken', {
      QueueUrl: 'q',
      DelaySeconds: 3,
      'MessageBody.$': '$$.Task.Token',
    }),
    /^work of a queue has no DelaySeconds/,
  ],
  [
    'a signed request',
    bare('arn:aws:states:::apigateway:invoke.waitForTaskToken', {
      ApiEndpoint: 'a',
      Method: 'POST',
      AuthType: 'IAM_ROLE',
      RequestBody: { 't.$': '$$.Task.Token' },
    }),
    /^a webhook is not signed by IAM/,
  ],
])('leaves %s as it is, and says why', (_what, before, reason) => {
  const { text, adopted, refused } = adopt('a.asl.json', before);
  expect({ text, adopted }).toEqual({ text: before, adopted: [] });
  expect(refused).toEqual([{ state: 'Do', reason: expect.stringMatching(reason) as string }]);
});
