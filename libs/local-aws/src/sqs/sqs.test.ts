import { describe, expect, test } from 'vitest';
import { createTestSqs } from './testing.ts';

describe('a standard queue', () => {
  test('gives a sent message once, until its visibility timeout ends', async () => {
    const { sqs, clock, queueUrl } = await createTestSqs();
    const sent = await sqs('SendMessage', { QueueUrl: queueUrl, MessageBody: 'hello' });
    const first = await sqs('ReceiveMessage', { QueueUrl: queueUrl });
    expect(first).toMatchObject({ Messages: [{ MessageId: sent['MessageId'], Body: 'hello' }] });
    await clock.advance(29_999);
    expect(await sqs('ReceiveMessage', { QueueUrl: queueUrl })).toEqual({});
    await clock.advance(1);
    expect(await sqs('ReceiveMessage', { QueueUrl: queueUrl })).toMatchObject({ Messages: [{ Body: 'hello' }] });
  });
});
