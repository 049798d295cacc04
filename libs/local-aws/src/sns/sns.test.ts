import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../service.ts';
import { createTestSns } from './testing.ts';

describe('a queue that is subscribed', () => {
  test('gets the message in an envelope', async () => {
    const { sns, topicArn, subscribeQueue, received } = await createTestSns();
    const SubscriptionArn = await subscribeQueue();
    const { MessageId } = await sns('Publish', { TopicArn: topicArn, Message: 'hello', Subject: 'greeting' });
    const [message] = await received();
    expect(JSON.parse(message!['Body'] as string)).toEqual({
      Type: 'Notification',
      MessageId,
      TopicArn: topicArn,
      Subject: 'greeting',
      Message: 'hello',
      Timestamp: '2026-01-01T00:00:00.000Z',
      SignatureVersion: '1',
      Signature: expect.any(String) as string,
      SigningCertURL: 'http://127.0.0.1:4577/_aws/sns/SimpleNotificationService.pem',
      UnsubscribeURL: `http://127.0.0.1:4577/_aws/sns/?Action=Unsubscribe&SubscriptionArn=${encodeURIComponent(SubscriptionArn)}`,
    } satisfies JsonObject);
  });
});
