import { describe, expect, test } from 'vitest';
import { refusalOf } from '../../../test/refusal-of.ts';
import { bodies, createTestSqs } from './testing.ts';

const fifo = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
const group = (MessageGroupId: string) => ({ MessageGroupId });

describe('a FIFO queue', () => {
  test('keeps the order of each group and serves no group twice at a time', async () => {
    const { send, receive, sqs } = await createTestSqs(fifo);
    for (const body of ['a1', 'a2', 'a3']) await send(body, group('a'));
    await send('b1', group('b'));
    const first = await receive(2);
    expect(bodies(first)).toEqual(['a1', 'a2']);
    expect(bodies(await receive())).toEqual(['b1']);
    await sqs('DeleteMessage', { ReceiptHandle: first[0]!.ReceiptHandle });
    expect(await receive()).toEqual([]);
    await sqs('DeleteMessage', { ReceiptHandle: first[1]!.ReceiptHandle });
    expect(bodies(await receive())).toEqual(['a3']);
  });

  test('gives back what was not deleted, in the order of sending', async () => {
    const { send, receive, clock, sqs } = await createTestSqs(fifo);
    for (const body of ['1', '2', '3', '4']) await send(body, group('a'));
    const [one, two, three] = await receive(3);
    const later = { VisibilityTimeout: 60 };
    await sqs('ChangeMessageVisibility', { ReceiptHandle: one!.ReceiptHandle, ...later });
    await sqs('DeleteMessage', { ReceiptHandle: two!.ReceiptHandle });
    await sqs('ChangeMessageVisibility', { ReceiptHandle: three!.ReceiptHandle, VisibilityTimeout: 0 });
    expect(await receive()).toEqual([]);
    await clock.advance(60_000);
    expect(bodies(await receive())).toEqual(['1', '3', '4']);
  });

  test('drops a duplicate for five minutes, and answers it like the first', async () => {
    const { sqs, receive, clock, send } = await createTestSqs(fifo);
    const sent = await sqs('SendMessage', { MessageBody: 'same', ...group('a') });
    const [message] = await receive();
    await sqs('DeleteMessage', { ReceiptHandle: message!.ReceiptHandle });
    await clock.advance(299_999);
    expect(await sqs('SendMessage', { MessageBody: 'same', ...group('b') })).toEqual(sent);
    expect(await receive()).toEqual([]);
    await clock.advance(1);
    expect(await send('same', group('a'))).not.toBe(sent['MessageId']);
    await send('same', { ...group('a'), MessageDeduplicationId: 'other' });
    expect(bodies(await receive())).toEqual(['same', 'same']);
  });

  test('looks for duplicates within the group where it is told to', async () => {
    const { send, receive } = await createTestSqs({ ...fifo, DeduplicationScope: 'messageGroup' });
    for (const name of ['a', 'a', 'b']) await send('same', group(name));
    expect(bodies(await receive())).toEqual(['same', 'same']);
  });

  test('numbers its messages', async () => {
    const { sqs, receive } = await createTestSqs(fifo);
    const numbers: unknown[] = [];
    for (const MessageBody of ['1', '2']) {
      numbers.push((await sqs('SendMessage', { MessageBody, ...group('a') }))['SequenceNumber']);
    }
    const attributes = (await receive()).map((message) => message.Attributes);
    expect(attributes.map((each) => each?.['SequenceNumber'])).toEqual(numbers);
    expect(attributes[0]).toMatchObject({ MessageGroupId: 'a', MessageDeduplicationId: expect.any(String) as string });
    const [first, second] = numbers.map((number) => BigInt(number as string));
    expect(second! > first!).toBe(true);
    expect(numbers[0]).toMatch(/^\d{20}$/);
  });

  test('refuses the handle of a message that is no longer in flight', async () => {
    const { send, receive, clock, sqs } = await createTestSqs(fifo);
    await send('a', group('a'));
    const [message] = await receive();
    await clock.advance(30_000);
    const { ReceiptHandle } = message!;
    expect(await refusalOf(sqs('DeleteMessage', { ReceiptHandle }))).toBe(
      `InvalidParameterValue: Value ${ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
    );
  });

  test('wants a group and a way to tell duplicates', async () => {
    const { sqs } = await createTestSqs({ FifoQueue: 'true' });
    expect(await refusalOf(sqs('SendMessage', { MessageBody: 'x' }))).toBe(
      'MissingParameter: The request must contain the parameter MessageGroupId.',
    );
    expect(await refusalOf(sqs('SendMessage', { MessageBody: 'x', MessageGroupId: 'a' }))).toMatch(
      /^InvalidParameterValue: The queue should either have ContentBasedDeduplication enabled/,
    );
    const delayed = { MessageBody: 'x', MessageGroupId: 'a', MessageDeduplicationId: 'd', DelaySeconds: 2 };
    expect(await refusalOf(sqs('SendMessage', delayed))).toMatch(/not valid for this queue type/);
  });
});
