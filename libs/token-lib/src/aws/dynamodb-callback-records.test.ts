/** What the contract cannot bring about: an answer in parts, and rows of another version. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { supersede } from '../lifecycle/dispatch.ts';
import { nextOf, sampleRow, START } from '../testing/samples.ts';
import { callbackItem, callbackKey } from './callback-item.ts';
import { dynamoDbCallbackRecords } from './dynamodb-callback-records.ts';

const [first, second, third] = ['first', 'second', 'third'].map((name) => sampleRow(name));

function records(answers: readonly object[]) {
  const left = [...answers];
  const asked: unknown[] = [];
  const send = async ({ input }: { input: { RequestItems?: { t: { Keys: unknown } } } }): Promise<object> => {
    if (input.RequestItems) asked.push(input.RequestItems.t.Keys);
    return left.shift() ?? {};
  };
  const client = Object.assign(new DynamoDBClient({ region: 'eu-central-1' }), { send });
  return { asked, ...dynamoDbCallbackRecords({ client, tableName: 't' }) };
}

it('asks again for what DynamoDB left over', async () => {
  const { open, asked } = records([
    { Items: [first, second].map((row) => callbackKey(row!.callbackId)) },
    { Responses: { t: [callbackItem(first!)] }, UnprocessedKeys: { t: { Keys: [callbackKey(second!.callbackId)] } } },
    { Responses: { t: [callbackItem(second!)] } },
  ]);
  const { rows } = await open({ executionArn: 'arn' });
  expect(rows.map((row) => row.callbackId)).toEqual([first!.callbackId, second!.callbackId]);
  expect(asked[1]).toEqual([callbackKey(second!.callbackId)]);
});

it('names the rows that it does not understand, and leaves out what has closed meanwhile', async () => {
  const foreign = { ...callbackItem(second!), work: { M: { kind: { S: 'quantum' } } } };
  const closed = callbackItem(nextOf(supersede(third!, START)));
  const { open } = records([
    { Items: [first, second, third].map((row) => callbackKey(row!.callbackId)) },
    { Responses: { t: [callbackItem(first!), foreign, closed] } },
  ]);
  const { rows, unreadable } = await open({ instanceId: 'i-1' });
  expect(rows.map((row) => row.callbackId)).toEqual([first!.callbackId]);
  expect(unreadable).toEqual([second!.callbackId]);
});
