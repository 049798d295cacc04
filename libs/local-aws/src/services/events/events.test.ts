import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { act as callAction, createTestWorld, ROOT, type TestWorld } from '../../../test/test-world.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { createEvents, type Events } from './events.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:on-event';
const QUEUE = 'arn:aws:sqs:us-east-1:123456789012:letters';
const QUEUE_URL = 'https://sqs.us-east-1.amazonaws.com/123456789012/letters';
const RULE = 'arn:aws:events:us-east-1:123456789012:rule/rule';
let test: TestWorld;
let events: Events;

beforeEach(() => {
  test = createTestWorld();
  events = createEvents(test.world);
  for (const action of ['lambda:Invoke', 'sqs:SendMessage', 'sns:Publish', 'states:StartExecution'] as const) {
    test.answer(action, () => ({}));
  }
});
afterEach(async () => {
  await events.close?.();
  test.close();
});

const act = (action: string, input: JsonObject = {}): Promise<JsonObject> => callAction(events, action, input);
const putRule = (more: JsonObject = {}): Promise<JsonObject> =>
  act('PutRule', { Name: 'rule', EventPattern: '{"source":["shop"]}', ...more });
const putTarget = (more: JsonObject = {}): Promise<JsonObject> =>
  act('PutTargets', { Rule: 'rule', Targets: [{ Id: 'one', Arn: FUNCTION, ...more }] });
const entry = { Source: 'shop', DetailType: 'Order placed', Detail: '{"id":7}' };
const put = (more: JsonObject = {}): Promise<JsonObject> => act('PutEvents', { Entries: [{ ...entry, ...more }] });
const payloads = (): unknown[] =>
  test.calls
    .filter(({ action }) => action === 'lambda:Invoke')
    .map(({ input }) => JSON.parse(new TextDecoder().decode(input['Payload'] as Uint8Array)) as unknown);
const refuseInvoke = (code: string, status: number): void =>
  test.answer('lambda:Invoke', () => {
    throw new AwsError(code, 'because', status);
  });

describe('an event', () => {
  it('reaches the targets of the rules that it matches, in an envelope', async () => {
    await putRule();
    await putTarget();
    const { Entries } = (await put({ Resources: ['arn:x'] })) as { Entries: { EventId: string }[] };
    await put({ Source: 'another' });
    await test.clock.advance(0);
    expect(payloads()).toEqual([
      {
        version: '0',
        id: Entries[0]?.EventId,
        'detail-type': 'Order placed',
        source: 'shop',
        account: '123456789012',
        time: '2026-01-01T00:00:00Z',
        region: 'us-east-1',
        resources: ['arn:x'],
        detail: { id: 7 },
      },
    ]);
    expect(test.calls[0]?.input).toMatchObject({ FunctionName: FUNCTION, InvocationType: 'Event' });
  });

  it('may have a time of its own', async () => {
    await putRule();
    await putTarget();
    await put({ Time: 7.5 });
    await put({ Time: '2026-02-03T04:05:06.7Z' });
    await test.clock.advance(0);
    expect(payloads()).toMatchObject([{ time: '1970-01-01T00:00:07Z' }, { time: '2026-02-03T04:05:06Z' }]);
    await expect(put({ Time: 'soon' })).rejects.toMatchObject({ code: 'SerializationException' });
  });

  it('holds the clock until it is delivered', async () => {
    const deliveredAt: number[] = [];
    test.answer('lambda:Invoke', async () => {
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      deliveredAt.push(test.clock.now());
      return {};
    });
    await putRule();
    await putTarget();
    const sentAt = test.clock.now();
    await put();
    await test.clock.advance(60_000);
    expect(deliveredAt).toEqual([sentAt]);
  });

  it('of an AWS service comes to the default bus', async () => {
    await putRule({ EventPattern: '{"source":["aws.ec2"]}' });
    await putTarget();
    events.publish({ source: 'aws.ec2', 'detail-type': 'X', resources: [], detail: { state: 'running' } });
    await test.clock.advance(0);
    expect(payloads()).toMatchObject([{ source: 'aws.ec2', detail: { state: 'running' } }]);
  });

  it('passes a disabled rule by', async () => {
    await putRule();
    await putTarget();
    await act('DisableRule', { Name: 'rule' });
    await put();
    await act('EnableRule', { Name: 'rule' });
    await put({ Detail: '{"id":8}' });
    await test.clock.advance(0);
    expect(payloads()).toMatchObject([{ detail: { id: 8 } }]);
  });

  it('goes to a bus of its own, by name or ARN, and to no other', async () => {
    const { EventBusArn } = await act('CreateEventBus', { Name: 'orders' });
    const { RuleArn } = await putRule({ EventBusName: 'orders' });
    expect(RuleArn).toBe('arn:aws:events:us-east-1:123456789012:rule/orders/rule');
    await act('PutTargets', { Rule: 'rule', EventBusName: 'orders', Targets: [{ Id: 'one', Arn: FUNCTION }] });
    await put({ EventBusName: 'orders', Detail: '{"id":1}' });
    await put({ EventBusName: EventBusArn, Detail: '{"id":2}' });
    await put({ Detail: '{"id":3}' });
    await test.clock.advance(0);
    expect(payloads()).toMatchObject([{ detail: { id: 1 } }, { detail: { id: 2 } }]);
  });

  it('is passed on to another bus', async () => {
    const { EventBusArn } = await act('CreateEventBus', { Name: 'orders' });
    await putRule();
    await putTarget({ Arn: EventBusArn });
    await putRule({ EventBusName: 'orders' });
    await act('PutTargets', { Rule: 'rule', EventBusName: 'orders', Targets: [{ Id: 'one', Arn: FUNCTION }] });
    await put();
    await test.clock.advance(0);
    expect(payloads()).toMatchObject([{ source: 'shop' }]);
  });
});

describe('targets', () => {
  const kinds: [string, JsonObject, string, JsonObject][] = [
    ['a queue', { Arn: QUEUE }, 'sqs:SendMessage', { QueueUrl: QUEUE_URL, MessageBody: '7' }],
    [
      'a FIFO queue',
      { Arn: `${QUEUE}.fifo`, SqsParameters: { MessageGroupId: 'g' } },
      'sqs:SendMessage',
      { QueueUrl: `${QUEUE_URL}.fifo`, MessageBody: '7', MessageGroupId: 'g' },
    ],
    [
      'a topic',
      { Arn: 'arn:aws:sns:us-east-1:123456789012:t' },
      'sns:Publish',
      { TopicArn: 'arn:aws:sns:us-east-1:123456789012:t', Message: '7' },
    ],
    [
      'a state machine',
      { Arn: 'arn:aws:states:us-east-1:123456789012:stateMachine:m' },
      'states:StartExecution',
      { stateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:m', input: '7' },
    ],
  ];
  it.each(kinds)('may be %s', async (_, target, action, input) => {
    await putRule();
    await putTarget({ ...target, InputPath: '$.detail.id' });
    await put();
    await test.clock.advance(0);
    expect(test.calls.find((call) => call.action === action)?.input).toMatchObject(input);
  });

  const callers: [string, JsonObject, JsonObject, JsonObject][] = [
    [
      'their role',
      { RoleArn: 'arn:aws:iam::123456789012:role/of-rule' },
      { RoleArn: 'arn:aws:iam::123456789012:role/of-target' },
      { principalArn: 'arn:aws:sts::123456789012:assumed-role/of-target/rule' },
    ],
    [
      'the role of their rule',
      { RoleArn: 'arn:aws:iam::123456789012:role/of-rule' },
      {},
      { principalArn: 'arn:aws:sts::123456789012:assumed-role/of-rule/rule' },
    ],
    ['EventBridge, for their rule', {}, {}, { principalArn: 'events.amazonaws.com', sourceArn: RULE }],
  ];
  it.each(callers)('are called as %s', async (_, ruleRole, targetRole, caller) => {
    await putRule(ruleRole);
    await putTarget(targetRole);
    await put();
    await test.clock.advance(0);
    expect(test.calls).toMatchObject([{ action: 'lambda:Invoke', caller }]);
  });

  it('are listed, and removed before their rule', async () => {
    await putRule();
    await putTarget({ InputPath: '$.detail' });
    const { Targets } = await act('ListTargetsByRule', { Rule: 'rule' });
    expect(Targets).toEqual([{ Id: 'one', Arn: FUNCTION, InputPath: '$.detail' }]);
    expect(await act('ListRuleNamesByTarget', { TargetArn: FUNCTION })).toEqual({ RuleNames: ['rule'] });
    await expect(act('DeleteRule', { Name: 'rule' })).rejects.toThrow("Rule can't be deleted since it has targets.");
    expect(await act('RemoveTargets', { Rule: 'rule', Ids: ['one'] })).toMatchObject({ FailedEntryCount: 0 });
    await act('DeleteRule', { Name: 'rule' });
    await expect(act('DescribeRule', { Name: 'rule' })).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });
});

describe('a delivery that fails', () => {
  const letters = (): JsonObject[] =>
    test.calls.filter(({ action }) => action === 'sqs:SendMessage').map(({ input }) => input);

  it('is tried again, ever later, and the clock is free in between', async () => {
    refuseInvoke('ServiceException', 500);
    await putRule();
    await putTarget();
    await put();
    const times: number[] = [];
    const start = test.clock.now();
    while (times.length < 4) {
      await test.clock.advanceToNext();
      times.push((test.clock.now() - start) / 1000);
    }
    expect(times).toEqual([1, 3, 7, 15]);
    test.answer('lambda:Invoke', () => ({}));
    await test.clock.advanceToNext();
    expect(await test.clock.advanceToNext()).toBe(false);
  });

  it('ends in the dead-letter queue when all attempts are used', async () => {
    refuseInvoke('ServiceException', 500);
    await putRule();
    await putTarget({ RetryPolicy: { MaximumRetryAttempts: 2 }, DeadLetterConfig: { Arn: QUEUE }, Input: '{}' });
    await put();
    await test.clock.advance(60_000);
    expect(payloads()).toHaveLength(3);
    const [letter] = letters();
    expect(JSON.parse(String(letter?.['MessageBody']))).toMatchObject({ source: 'shop', detail: { id: 7 } });
    expect(letter?.['MessageAttributes']).toEqual({
      RULE_ARN: { DataType: 'String', StringValue: RULE },
      TARGET_ARN: { DataType: 'String', StringValue: FUNCTION },
      ERROR_CODE: { DataType: 'String', StringValue: 'INTERNAL_ERROR' },
      ERROR_MESSAGE: { DataType: 'String', StringValue: 'because' },
      EXHAUSTED_RETRY_CONDITION: { DataType: 'String', StringValue: 'MaximumRetryAttempts' },
      RETRY_ATTEMPTS: { DataType: 'String', StringValue: '2' },
    });
  });

  it('ends there when the event is too old', async () => {
    refuseInvoke('ThrottlingException', 400);
    await putRule();
    await putTarget({ RetryPolicy: { MaximumEventAgeInSeconds: 60 }, DeadLetterConfig: { Arn: QUEUE } });
    await put();
    await test.clock.advance(3_600_000);
    expect(letters()[0]?.['MessageAttributes']).toMatchObject({
      ERROR_CODE: { StringValue: 'THROTTLING' },
      EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumEventAgeInSeconds' },
    });
  });

  it('ends there at once when another attempt would be refused too', async () => {
    refuseInvoke('ResourceNotFoundException', 404);
    await putRule();
    await putTarget({ DeadLetterConfig: { Arn: QUEUE }, RetryPolicy: { MaximumRetryAttempts: 0 } });
    await put();
    await test.clock.advance(0);
    expect(payloads()).toHaveLength(1);
    const attributes = letters()[0]?.['MessageAttributes'] as JsonObject;
    expect(attributes['ERROR_CODE']).toMatchObject({ StringValue: 'NO_RESOURCE' });
    expect(attributes).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
  });
});

describe('a schedule', () => {
  it('sends a scheduled event to the targets at its times', async () => {
    await act('PutRule', { Name: 'rule', ScheduleExpression: 'rate(1 minute)' });
    await putTarget();
    await test.clock.advance(150_000);
    expect(payloads()).toMatchObject([
      {
        source: 'aws.events',
        'detail-type': 'Scheduled Event',
        resources: [RULE],
        detail: {},
        time: '2026-01-01T00:01:00Z',
      },
      { time: '2026-01-01T00:02:00Z' },
    ]);
  });

  it('rests while its rule is disabled, and ends with it', async () => {
    await act('PutRule', { Name: 'rule', ScheduleExpression: 'cron(0 * * * ? *)', State: 'DISABLED' });
    expect(await test.clock.advanceToNext()).toBe(false);
    await act('EnableRule', { Name: 'rule' });
    expect(await test.clock.advanceToNext()).toBe(true);
    await act('DeleteRule', { Name: 'rule' });
    expect(await test.clock.advanceToNext()).toBe(false);
  });
});

describe('PutEvents', () => {
  it('answers each bad entry with its own error, and puts the others', async () => {
    await putRule();
    await putTarget();
    const { Detail, ...withoutDetail } = entry;
    const answer = await act('PutEvents', {
      Entries: [{ ...entry, Source: 'aws.ec2' }, withoutDetail, { ...entry, Detail: `${Detail}x` }, entry],
    });
    expect(answer).toMatchObject({
      FailedEntryCount: 3,
      Entries: [
        { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' },
        {
          ErrorCode: 'InvalidArgument',
          ErrorMessage: 'Parameter Detail is not valid. Reason: Detail is a required argument.',
        },
        { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' },
        { EventId: expect.any(String) as string },
      ],
    });
    await test.clock.advance(0);
    expect(payloads()).toHaveLength(1);
  });

  const refusals: [string, unknown[], RegExp][] = [
    ['no entry', [], /entries/],
    ['eleven entries', Array(11).fill(entry), /entries/],
    [
      'null for an entry',
      [null],
      /^1 validation error detected: Value null at 'entries\.1\.member' failed .* not be null$/,
    ],
    ['text for an entry', ['x'], /STRING_VALUE can not be converted to a Structure/],
    ['a list for an entry', [[]], /LIST_VALUE can not be converted to a Structure/],
    [
      'null for a resource',
      [{ ...entry, Resources: [null] }],
      /Value null at 'entries\.1\.member\.Resources\.1\.member'/,
    ],
    ['too much', [{ ...entry, Detail: JSON.stringify({ x: 'x'.repeat(1_048_576) }) }], /Total size/],
  ];
  it.each(refusals)('refuses %s', async (_, Entries, message) => {
    await expect(act('PutEvents', { Entries })).rejects.toThrow(message);
  });
});

describe('refused is', () => {
  const refusals: [string, string, JsonObject, string][] = [
    ['a rule for nothing', 'PutRule', { Name: 'x' }, 'ValidationException'],
    ['a rule without a good name', 'PutRule', { Name: 'a b', EventPattern: '{"a":[1]}' }, 'ValidationException'],
    ['a rule in an odd state', 'PutRule', { Name: 'x', EventPattern: '{"a":[1]}', State: 'ON' }, 'ValidationException'],
    ['a bad pattern', 'PutRule', { Name: 'x', EventPattern: '{"a":1}' }, 'InvalidEventPatternException'],
    ['a bad schedule', 'PutRule', { Name: 'x', ScheduleExpression: 'often' }, 'ValidationException'],
    [
      'an unknown bus',
      'PutRule',
      { Name: 'x', EventPattern: '{"a":[1]}', EventBusName: 'y' },
      'ResourceNotFoundException',
    ],
    [
      'a target of no rule',
      'PutTargets',
      { Rule: 'x', Targets: [{ Id: 'one', Arn: FUNCTION }] },
      'ResourceNotFoundException',
    ],
    ['no target', 'PutTargets', { Rule: 'x', Targets: [] }, 'ValidationException'],
    ['a page that is none', 'ListRules', { NextToken: 'x' }, 'ValidationException'],
    ['the end of the default bus', 'DeleteEventBus', { Name: 'default' }, 'ValidationException'],
    ['a test of half an event', 'TestEventPattern', { EventPattern: '{"a":[1]}', Event: '{}' }, 'ValidationException'],
  ];
  it.each(refusals)('%s', async (_, action, input, code) => {
    await expect(act(action, input)).rejects.toMatchObject({ code });
  });

  const targets: [string, JsonObject][] = [
    ['of another service', { Arn: 'arn:aws:kinesis:us-east-1:123456789012:stream/x' }],
    ['without an ARN', { Arn: 'x' }],
    ['with a transformer without a template', { InputTransformer: {} }],
    ['with too many attempts', { RetryPolicy: { MaximumRetryAttempts: 186 } }],
    ['with too short an age', { RetryPolicy: { MaximumEventAgeInSeconds: 59 } }],
    ['with dead letters for a topic', { DeadLetterConfig: { Arn: 'arn:aws:sns:us-east-1:123456789012:t' } }],
  ];
  it.each(targets)('a target %s', async (_, target) => {
    await putRule();
    await expect(putTarget(target)).rejects.toMatchObject({ code: 'ValidationException' });
  });

  it('a sixth target', async () => {
    await putRule();
    const Targets = Array.from({ length: 6 }, (_, index) => ({ Id: `t${index}`, Arn: FUNCTION }));
    await expect(act('PutTargets', { Rule: 'rule', Targets })).rejects.toMatchObject({
      code: 'LimitExceededException',
    });
  });
});

describe('rules', () => {
  it('are listed by prefix and page', async () => {
    for (const Name of ['a1', 'a2', 'b1']) await putRule({ Name });
    const first = await act('ListRules', { NamePrefix: 'a', Limit: 1 });
    expect(first).toMatchObject({ Rules: [{ Name: 'a1', State: 'ENABLED', EventPattern: '{"source":["shop"]}' }] });
    const second = await act('ListRules', { NamePrefix: 'a', Limit: 1, NextToken: first['NextToken'] });
    expect(second).toMatchObject({ Rules: [{ Name: 'a2' }] });
    expect(second).not.toHaveProperty('NextToken');
  });

  it('keep their targets when they are put again', async () => {
    await putRule();
    await putTarget();
    await putRule({ Description: 'new' });
    expect((await act('ListTargetsByRule', { Rule: 'rule' }))['Targets']).toHaveLength(1);
  });

  it('can be tried on an event', async () => {
    const event = { id: '1', account: '1', source: 'shop', time: 't', region: 'r', resources: [], 'detail-type': 'x' };
    const Event = JSON.stringify(event);
    expect(await act('TestEventPattern', { EventPattern: '{"source":["shop"]}', Event })).toEqual({ Result: true });
    expect(await act('TestEventPattern', { EventPattern: '{"source":["x"]}', Event })).toEqual({ Result: false });
  });
});

describe('tags', () => {
  const tagsOf = async (ResourceARN: unknown) => (await act('ListTagsForResource', { ResourceARN }))['Tags'];

  it('are given with a rule, kept when it is put again, and changed by its ARN', async () => {
    await putRule({ Tags: [{ Key: 'team', Value: 'shop' }] });
    await putRule({ Tags: [{ Key: 'other', Value: 'x' }] });
    expect(await tagsOf(RULE)).toEqual([{ Key: 'team', Value: 'shop' }]);
    await act('TagResource', { ResourceARN: RULE, Tags: [{ Key: 'env', Value: 'dev' }] });
    await act('UntagResource', { ResourceARN: RULE, TagKeys: ['team'] });
    expect(await tagsOf(RULE)).toEqual([{ Key: 'env', Value: 'dev' }]);
  });

  it('belong to buses too, and to rules on them', async () => {
    const { EventBusArn } = await act('CreateEventBus', { Name: 'mine', Tags: [{ Key: 'a', Value: 'b' }] });
    const { RuleArn } = await putRule({ EventBusName: 'mine' });
    expect(await tagsOf(EventBusArn)).toEqual([{ Key: 'a', Value: 'b' }]);
    expect(await tagsOf(RuleArn)).toEqual([]);
  });

  it('are of something that is there', async () => {
    await expect(tagsOf(RULE)).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await expect(putRule({ Tags: [{ Key: 'team' }] })).rejects.toMatchObject({ code: 'ValidationException' });
  });
});

describe('IAM sees', () => {
  const bus = 'arn:aws:events:eu-west-1:111122223333:event-bus/mine';
  const pattern = { EventPattern: '{"a":[1]}' };
  const resources: [string, JsonObject, string[]][] = [
    ['PutEvents', { Entries: [entry, entry] }, ['arn:aws:events:us-east-1:123456789012:event-bus/default']],
    [
      'PutEvents',
      { Entries: [entry, { ...entry, EventBusName: bus }, { ...entry, EventBusName: 'other' }] },
      [
        'arn:aws:events:us-east-1:123456789012:event-bus/default',
        bus,
        'arn:aws:events:us-east-1:123456789012:event-bus/other',
      ],
    ],
    ['PutRule', { Name: 'rule', ...pattern }, [RULE]],
    ['PutRule', { Name: 'rule', EventBusName: 'default', ...pattern }, [RULE]],
    [
      'PutRule',
      { Name: 'rule', EventBusName: 'mine', ...pattern },
      ['arn:aws:events:us-east-1:123456789012:rule/mine/rule'],
    ],
    ['DescribeRule', { Name: 'r', EventBusName: bus }, ['arn:aws:events:eu-west-1:111122223333:rule/mine/r']],
    ['PutTargets', { Rule: 'rule', Targets: [{ Id: 'one', Arn: FUNCTION }] }, [RULE]],
    ['ListRules', {}, ['*']],
    ['TestEventPattern', { ...pattern, Event: '{}' }, ['*']],
    ['CreateEventBus', { Name: 'mine' }, ['arn:aws:events:us-east-1:123456789012:event-bus/mine']],
    ['DescribeEventBus', {}, ['arn:aws:events:us-east-1:123456789012:event-bus/default']],
    ['TagResource', { ResourceARN: RULE }, [RULE]],
  ];
  it.each(resources)('%s of %j as %j', (action, input, arns) => {
    expect(events.actions[action]?.prepare(input, ROOT).resources).toEqual(arns);
  });
});
