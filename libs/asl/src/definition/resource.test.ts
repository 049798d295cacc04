import { describe, expect, test } from 'vitest';
import { parseResource } from './resource.ts';

describe('parseResource', () => {
  test('a function, with or without a version', () => {
    const arn = 'arn:aws:lambda:us-east-1:123456789012:function:work:live';
    expect(parseResource(arn)?.resource).toEqual({ kind: 'lambda', functionArn: arn });
  });

  test('an activity', () => {
    const arn = 'arn:aws-cn:states:cn-north-1:123456789012:activity:approve';
    expect(parseResource(arn)?.resource).toEqual({ kind: 'activity', activityArn: arn });
  });

  test.each([
    ['arn:aws:states:::sqs:sendMessage', 'sqs', 'sendMessage', 'requestResponse', 'sendMessage'],
    [
      'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      'sqs',
      'sendMessage',
      'waitForTaskToken',
      'sendMessage.waitForTaskToken',
    ],
    ['arn:aws:states:::states:startExecution.sync:2', 'states', 'startExecution', 'sync:2', 'startExecution.sync:2'],
    [
      'arn:aws:states:::aws-sdk:ssm:sendCommand.waitForTaskToken',
      'aws-sdk:ssm',
      'sendCommand',
      'waitForTaskToken',
      'sendCommand.waitForTaskToken',
    ],
  ])('%s', (arn, service, action, pattern, text) => {
    expect(parseResource(arn)).toEqual({ resource: { kind: 'integration', service, action, pattern }, text });
  });

  test.each([
    'work',
    'arn:aws:s3:::bucket',
    'arn:aws:states:::dynamodb:query',
    'arn:aws:states:::dynamodb:putItem.waitForTaskToken',
    'arn:aws:states:::lambda:invoke.sync',
    'arn:aws:states:::sqs:sendMessage.sync:2',
    'arn:aws:states:::aws-sdk:sqs:sendMessage.sync',
    'arn:aws:states:::nothing:todo',
  ])('%s is none', (arn) => {
    expect(parseResource(arn)).toBeUndefined();
  });
});
