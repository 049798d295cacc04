import { describe, expect, test } from 'vitest';
import { refusalOf } from '../../../test/refusal-of.ts';
import { ROOT } from '../../../test/test-world.ts';
import { createTestSns } from './testing.ts';

describe('a topic', () => {
  test('has the attributes of AWS', async () => {
    const { sns, topicArn } = await createTestSns();
    const { Attributes } = await sns('GetTopicAttributes', { TopicArn: topicArn });
    expect(topicArn).toBe('arn:aws:sns:us-east-1:123456789012:news');
    expect(Attributes).toEqual({
      TopicArn: topicArn,
      Owner: '123456789012',
      DisplayName: '',
      Policy: expect.stringContaining('__default_policy_ID') as string,
      EffectiveDeliveryPolicy: expect.stringContaining('"numRetries":3') as string,
      SubscriptionsConfirmed: '0',
      SubscriptionsPending: '0',
      SubscriptionsDeleted: '0',
    });
    await sns('SetTopicAttributes', { TopicArn: topicArn, AttributeName: 'DisplayName', AttributeValue: 'News' });
    expect((await sns('GetTopicAttributes', { TopicArn: topicArn }))['Attributes']).toMatchObject({
      DisplayName: 'News',
    });
  });

  test('is created once, whatever is said again', async () => {
    const { sns, topicArn } = await createTestSns();
    expect(await sns('CreateTopic', { Name: 'news' })).toEqual({ TopicArn: topicArn });
    const other = sns('CreateTopic', { Name: 'news', Attributes: { DisplayName: 'x' } });
    expect(await refusalOf(other)).toMatch(/Topic already exists with different attributes$/);
    const tagged = sns('CreateTopic', { Name: 'news', Tags: [{ Key: 'a', Value: 'b' }] });
    expect(await refusalOf(tagged)).toMatch(/Topic already exists with different tags$/);
  });

  test('is gone with its subscriptions when it is deleted, once or twice', async () => {
    const { sns, topicArn, subscribeQueue } = await createTestSns();
    await subscribeQueue();
    await sns('DeleteTopic', { TopicArn: topicArn });
    await sns('DeleteTopic', { TopicArn: topicArn });
    expect(await sns('ListTopics')).toEqual({ Topics: [] });
    expect(await sns('ListSubscriptions')).toEqual({ Subscriptions: [] });
    expect(await refusalOf(sns('GetTopicAttributes', { TopicArn: topicArn }))).toBe('NotFound: Topic does not exist');
  });

  test('is listed, a hundred to a page', async () => {
    const { sns } = await createTestSns();
    for (let index = 0; index < 100; index += 1) await sns('CreateTopic', { Name: `t${index}` });
    const first = await sns('ListTopics');
    expect(first['Topics']).toHaveLength(100);
    const rest = await sns('ListTopics', { NextToken: first['NextToken'] });
    expect(rest).toEqual({ Topics: [{ TopicArn: 'arn:aws:sns:us-east-1:123456789012:t99' }] });
    expect(await refusalOf(sns('ListTopics', { NextToken: 'x' }))).toBe(
      'InvalidParameter: Invalid parameter: NextToken',
    );
  });

  test('wears tags', async () => {
    const { sns, topicArn: ResourceArn } = await createTestSns();
    await sns('TagResource', {
      ResourceArn,
      Tags: [
        { Key: 'team', Value: 'a' },
        { Key: 'stage', Value: 'dev' },
      ],
    });
    await sns('UntagResource', { ResourceArn, TagKeys: ['stage'] });
    expect(await sns('ListTagsForResource', { ResourceArn })).toEqual({ Tags: [{ Key: 'team', Value: 'a' }] });
  });
});

test.each([
  [{ Name: 'a b' }, 'InvalidParameter: Invalid parameter: Topic Name'],
  [{}, /^InvalidParameter: .*Name Reason: no value for required parameter/],
  [{ Name: 'a', Attributes: { FifoTopic: 'true' } }, /Fifo Topic names must end with \.fifo/],
  [{ Name: 'a', Attributes: { Colour: 'red' } }, 'InvalidParameter: Invalid parameter: AttributeName'],
])('a topic of %j is refused with %s', async (input, refusal) => {
  const { sns } = await createTestSns();
  expect(await refusalOf(sns('CreateTopic', input))).toMatch(refusal);
});

describe('IAM sees', () => {
  const TopicArn = 'arn:aws:sns:eu-west-1:111122223333:other';
  const SubscriptionArn = `${TopicArn}:1`;
  test.each([
    ['CreateTopic', { Name: 'new' }, 'arn:aws:sns:us-east-1:123456789012:new'],
    ['ListTopics', {}, '*'],
    ['Publish', { TopicArn, Message: 'x' }, TopicArn],
    ['Publish', { TargetArn: TopicArn, Message: 'x' }, TopicArn],
    ['Publish', { PhoneNumber: '+1', Message: 'x' }, '*'],
    ['PublishBatch', { TopicArn }, TopicArn],
    ['Subscribe', { TopicArn, Protocol: 'sqs' }, TopicArn],
    ['ConfirmSubscription', { TopicArn, Token: 'x' }, TopicArn],
    ['Unsubscribe', { SubscriptionArn }, '*'],
    ['GetSubscriptionAttributes', { SubscriptionArn }, '*'],
    ['TagResource', { ResourceArn: TopicArn }, TopicArn],
  ])('%s of %j as %s', async (action, input, arn) => {
    const { service } = await createTestSns();
    expect(service.actions[action]?.prepare(input, ROOT).resources).toEqual([arn]);
  });
});
