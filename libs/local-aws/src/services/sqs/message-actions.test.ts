import { describe, expect, test } from 'vitest';
import { refusalOf } from '../../../test/refusal-of.ts';
import { bodies, createTestSqs } from './testing.ts';

const START = Date.UTC(2026, 0, 1);

describe('a message', () => {
  test('is received in the shape of the API, with what was asked for', async () => {
    const { sqs, clock } = await createTestSqs();
    const MessageAttributes = {
      General: { DataType: 'String', StringValue: 'Kenobi' },
      Hello: { DataType: 'String', StringValue: 'There' },
      'Help.Me': { DataType: 'String', StringValue: 'Me' },
    };
    const sent = await sqs('SendMessage', { MessageBody: 'msg', MessageAttributes });
    // The digests were recorded from AWS.
    expect(sent).toEqual({
      MD5OfMessageBody: '6e2baaf3b97dbeef01c0043275f9a0e7',
      MD5OfMessageAttributes: '4c360f3fdafd970e05fae2f149d997f5',
      MessageId: sent['MessageId'],
    });
    await clock.advance(5);
    const receive = (MessageAttributeNames: string[], MessageSystemAttributeNames: string[] = []) =>
      sqs('ReceiveMessage', { VisibilityTimeout: 0, MessageAttributeNames, MessageSystemAttributeNames });
    expect(await receive([])).toEqual({
      Messages: [
        {
          MessageId: sent['MessageId'],
          ReceiptHandle: expect.any(String) as string,
          MD5OfBody: '6e2baaf3b97dbeef01c0043275f9a0e7',
          Body: 'msg',
        },
      ],
    });
    expect(await receive(['All'], ['All'])).toMatchObject({
      Messages: [
        {
          MessageAttributes,
          MD5OfMessageAttributes: '4c360f3fdafd970e05fae2f149d997f5',
          Attributes: {
            SenderId: 'AIDALOCALAWSLOCALAWS1',
            SentTimestamp: String(START),
            ApproximateReceiveCount: '2',
            ApproximateFirstReceiveTimestamp: String(START + 5),
          },
        },
      ],
    });
    const digests = { 'Hel.*': '83fee93c1bcd8b9a5a923ffacdc636c7', Hello: 'a311262e065454b75da111d535b8dacd' };
    for (const [name, MD5OfMessageAttributes] of Object.entries(digests)) {
      expect(await receive([name])).toMatchObject({ Messages: [{ MD5OfMessageAttributes }] });
    }
    expect(await receive(['Nothing'], ['SentTimestamp'])).toMatchObject({
      Messages: [{ Attributes: { SentTimestamp: String(START) } }],
    });
  });

  test('carries bytes as base64, digested as bytes', async () => {
    const { sqs } = await createTestSqs();
    const bytes = Buffer.from('traceparent\u001e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01');
    const attr1 = { DataType: 'Binary', BinaryValue: bytes.toString('base64') };
    await sqs('SendMessage', { MessageBody: 'test', MessageAttributes: { attr1 } });
    // The digest was recorded from AWS.
    expect(await sqs('ReceiveMessage', { MessageAttributeNames: ['.*'] })).toMatchObject({
      Messages: [{ MessageAttributes: { attr1 }, MD5OfMessageAttributes: '8cbe4db156db8a94db8b801b7addb984' }],
    });
  });

  test('is invisible from its receipt to the end of its visibility timeout', async () => {
    const { send, receive, clock, counts } = await createTestSqs({ VisibilityTimeout: '10' });
    await send('a');
    expect(bodies(await receive())).toEqual(['a']);
    expect(await counts()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    await clock.advance(9_999);
    expect(await receive()).toEqual([]);
    await clock.advance(1);
    const [again] = await receive();
    expect(again?.Attributes?.['ApproximateReceiveCount']).toBe('2');
  });

  test('is deleted by its latest receipt only', async () => {
    const { send, receive, sqs, clock, counts } = await createTestSqs();
    await send('a');
    const [first] = await receive();
    await clock.advance(30_000);
    const [second] = await receive();
    await sqs('DeleteMessage', { ReceiptHandle: first!.ReceiptHandle });
    expect(await counts()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    await sqs('DeleteMessage', { ReceiptHandle: second!.ReceiptHandle });
    expect(await counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    await clock.advance(30_000);
    expect(await receive()).toEqual([]);
  });

  test('can still be deleted when it is visible again', async () => {
    const { send, receive, sqs, clock } = await createTestSqs();
    await send('a');
    const [message] = await receive();
    await clock.advance(30_000);
    await sqs('DeleteMessage', { ReceiptHandle: message!.ReceiptHandle });
    expect(await receive()).toEqual([]);
  });

  test('stays invisible for as long as its consumer says, from then on', async () => {
    const { send, receive, sqs, clock } = await createTestSqs();
    await send('a');
    const [message] = await receive();
    const change = (VisibilityTimeout: number) =>
      sqs('ChangeMessageVisibility', { ReceiptHandle: message!.ReceiptHandle, VisibilityTimeout });
    await clock.advance(20_000);
    await change(100);
    await clock.advance(99_999);
    expect(await receive()).toEqual([]);
    expect(await refusalOf(change(43_200))).toMatch(
      /^InvalidParameterValue: .*Total VisibilityTimeout for the message is beyond the limit \[43200 seconds\]/,
    );
    await change(0);
    expect(bodies(await receive())).toEqual(['a']);
    expect(await refusalOf(change(1))).toMatch(/is not available for visibility timeout change/);
  });

  test('is delayed as itself or its queue says', async () => {
    const { send, receive, clock, counts } = await createTestSqs({ DelaySeconds: '5' });
    await send('queue');
    await send('own', { DelaySeconds: 1 });
    await send('none', { DelaySeconds: 0 });
    expect(await counts()).toEqual({ visible: 1, inFlight: 0, delayed: 2 });
    expect(bodies(await receive())).toEqual(['none']);
    await clock.advance(1_000);
    expect(bodies(await receive())).toEqual(['own']);
    await clock.advance(4_000);
    expect(bodies(await receive())).toEqual(['queue']);
  });

  test('is gone at the end of its retention period, in flight or not', async () => {
    const { send, receive, clock, counts, sqs } = await createTestSqs({ MessageRetentionPeriod: '60' });
    await send('received');
    const [message] = await receive();
    await send('waiting');
    await clock.advance(59_999);
    expect(await counts()).toEqual({ visible: 2, inFlight: 0, delayed: 0 });
    await clock.advance(1);
    expect(await counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    await sqs('DeleteMessage', { ReceiptHandle: message!.ReceiptHandle });
    await send('kept');
    await sqs('SetQueueAttributes', { Attributes: { MessageRetentionPeriod: '120' } });
    await clock.advance(119_999);
    expect(bodies(await receive())).toEqual(['kept']);
  });
});

describe('long polling', () => {
  test('answers as soon as a message is sent, and with nothing when the time is up', async () => {
    const { send, receive, clock } = await createTestSqs();
    const poll = receive(10, { WaitTimeSeconds: 20 });
    await clock.advance(19_999);
    await send('late');
    expect(bodies(await poll)).toEqual(['late']);
    const empty = receive(10, { WaitTimeSeconds: 20 });
    await clock.advance(20_000);
    expect(await empty).toEqual([]);
  });

  test('takes the default of the queue, and a batch as one', async () => {
    const { sqs, receive } = await createTestSqs({ ReceiveMessageWaitTimeSeconds: '20' });
    const poll = receive();
    const Entries = ['a', 'b', 'c'].map((MessageBody) => ({ Id: MessageBody, MessageBody }));
    await sqs('SendMessageBatch', { Entries });
    expect(bodies(await poll)).toEqual(['a', 'b', 'c']);
  });

  test('serves who asked first', async () => {
    const { send, receive } = await createTestSqs();
    const [first, second] = [receive(1, { WaitTimeSeconds: 20 }), receive(1, { WaitTimeSeconds: 20 })];
    await send('a');
    await send('b');
    expect([bodies(await first), bodies(await second)]).toEqual([['a'], ['b']]);
  });

  test('gets a message whose visibility timeout ends', async () => {
    const { send, receive, clock } = await createTestSqs({ VisibilityTimeout: '10' });
    await send('a');
    await receive();
    const poll = receive(1, { WaitTimeSeconds: 20 });
    await clock.advance(10_000);
    expect(bodies(await poll)).toEqual(['a']);
  });

  test('ends with its queue', async () => {
    const { receive, sqs } = await createTestSqs();
    const poll = receive(1, { WaitTimeSeconds: 20 });
    await sqs('DeleteQueue');
    expect(await poll).toEqual([]);
  });
});

describe('a listener', () => {
  test('hears of messages that nobody polls for, and of those that wait when it begins', async () => {
    const { service, send, receive, clock, queueArn, sqs } = await createTestSqs({ VisibilityTimeout: '10' });
    let heard = 0;
    await send('a');
    const stop = service.onAvailable(queueArn, () => (heard += 1));
    expect(heard).toBe(1);
    await receive();
    await clock.advance(10_000);
    expect(heard).toBe(2);
    const [message] = await receive();
    await sqs('DeleteMessage', { ReceiptHandle: message!.ReceiptHandle });
    const poll = receive(1, { WaitTimeSeconds: 1 });
    await send('for the poll');
    await poll;
    expect(heard).toBe(2);
    stop();
    await send('b');
    expect(heard).toBe(2);
  });

  test('may be there before its queue', async () => {
    const { service, sqs, createQueue } = await createTestSqs();
    let heard = 0;
    service.onAvailable('arn:aws:sqs:us-east-1:123456789012:later', () => (heard += 1));
    const { url } = await createQueue('later');
    await sqs('SendMessage', { QueueUrl: url, MessageBody: 'a' });
    expect(heard).toBe(1);
  });
});

describe('a batch', () => {
  test('does what it can and lists what it cannot', async () => {
    const { sqs, receive, counts } = await createTestSqs();
    const sent = await sqs('SendMessageBatch', {
      Entries: [
        { Id: 'good', MessageBody: 'a' },
        { Id: 'bad', MessageBody: '\u0000' },
        { Id: 'slow', MessageBody: 'b', DelaySeconds: 901 },
        { Id: 'odd', MessageBody: 'c', MessageAttributes: { a: {} } },
      ],
    });
    expect(sent).toMatchObject({
      Successful: [{ Id: 'good', MD5OfMessageBody: '0cc175b9c0f1b6a831c399e269772661' }],
      Failed: [
        { Id: 'bad', SenderFault: true, Code: 'InvalidMessageContents' },
        { Id: 'slow', SenderFault: true, Code: 'InvalidParameterValue' },
        { Id: 'odd', SenderFault: true, Code: 'InvalidParameterValue' },
      ],
    });
    const [message] = await receive();
    const handle = message!.ReceiptHandle;
    const changed = await sqs('ChangeMessageVisibilityBatch', {
      Entries: [
        { Id: 'one', ReceiptHandle: handle, VisibilityTimeout: 100 },
        { Id: 'two', ReceiptHandle: 'garbage', VisibilityTimeout: 100 },
      ],
    });
    expect(changed).toMatchObject({ Successful: [{ Id: 'one' }], Failed: [{ Code: 'ReceiptHandleIsInvalid' }] });
    await sqs('DeleteMessageBatch', { Entries: [{ Id: 'one', ReceiptHandle: handle }] });
    expect(await counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  const entry = (Id: string, MessageBody = 'x') => ({ Id, MessageBody });
  test.each([
    ['no entries', [], /^EmptyBatchRequest: There should be at least one SendMessageBatchRequestEntry/],
    [
      'too many',
      Array.from({ length: 11 }, (_, index) => entry(`e${index}`)),
      /^TooManyEntriesInBatchRequest: .* 11\.$/,
    ],
    ['an id twice', [entry('a'), entry('a')], /^BatchEntryIdsNotDistinct: /],
    ['a bad id', [entry('a:b')], /^InvalidBatchEntryId: /],
    [
      'too many bytes',
      [entry('a', 'x'.repeat(1_048_576)), entry('b')],
      'BatchRequestTooLong: Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.',
    ],
  ])('with %s is refused as a whole', async (_, Entries, refusal) => {
    const { sqs, counts } = await createTestSqs();
    expect(await refusalOf(sqs('SendMessageBatch', { Entries }))).toMatch(refusal);
    expect(await counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });
});

const attribute = (name: string, value: object) => ({ MessageBody: 'x', MessageAttributes: { [name]: value } });
test.each([
  ['SendMessage', {}, 'MissingParameter: The request must contain the parameter MessageBody.'],
  ['SendMessage', { MessageBody: '' }, 'MissingParameter: The request must contain the parameter MessageBody.'],
  ['SendMessage', { MessageBody: 1 }, 'SerializationException: NUMBER_VALUE can not be converted to a String'],
  ['SendMessage', { MessageBody: '\uD800' }, /^InvalidMessageContents: /],
  [
    'SendMessage',
    { MessageBody: 'x', DelaySeconds: 901 },
    /^InvalidParameterValue: Value 901 for parameter DelaySeconds/,
  ],
  ['SendMessage', { MessageBody: 'x', MessageDeduplicationId: 'd' }, /not valid for this queue type/],
  ['SendMessage', { MessageBody: 'x', MessageGroupId: 'g'.repeat(129) }, /^InvalidParameterValue: .*MessageGroupId/],
  ['SendMessage', { MessageBody: 'x'.repeat(1_048_577) }, /Message must be shorter than 1048576 bytes/],
  ['SendMessage', attribute('a', {}), /'a' must contain non-empty message attribute type/],
  ['SendMessage', attribute('a', { DataType: 'Text', StringValue: 'x' }), /set of supported type prefixes/],
  ['SendMessage', attribute('a', { DataType: 'String' }), /non-empty message attribute value .* type 'String'/],
  ['SendMessage', attribute('a', { DataType: 'Number', StringValue: 'x' }), /Can't cast the value/],
  ['SendMessage', attribute('aws.a', { DataType: 'String', StringValue: 'x' }), /attribute name 'aws.a' is invalid/],
  [
    'ReceiveMessage',
    { MaxNumberOfMessages: 11 },
    /^InvalidParameterValue: Value 11 .* Must be between 1 and 10, if provided.$/,
  ],
  ['ReceiveMessage', { WaitTimeSeconds: 21 }, /^InvalidParameterValue: Value 21 for parameter WaitTimeSeconds/],
  ['DeleteMessage', {}, 'MissingParameter: The request must contain the parameter ReceiptHandle.'],
  [
    'DeleteMessage',
    { ReceiptHandle: 'x' },
    'ReceiptHandleIsInvalid: The input receipt handle "x" is not a valid receipt handle.',
  ],
  ['ChangeMessageVisibility', { ReceiptHandle: 'x', VisibilityTimeout: 43_201 }, /^InvalidParameterValue: Value 43201/],
  [
    'SendMessage',
    { QueueUrl: 'http://127.0.0.1/123456789012/other', MessageBody: 'x' },
    'QueueDoesNotExist: The specified queue does not exist.',
  ],
  [
    'SendMessage',
    { QueueUrl: 'http://127.0.0.1/111111111111/jobs', MessageBody: 'x' },
    'QueueDoesNotExist: The specified queue does not exist.',
  ],
  [
    'SendMessage',
    { QueueUrl: 'jobs', MessageBody: 'x' },
    'InvalidAddress: The address jobs is not valid for this endpoint.',
  ],
])('%s of %j is refused with %s', async (action, input, refusal) => {
  const { sqs } = await createTestSqs();
  expect(await refusalOf(sqs(action, input))).toMatch(refusal);
});
