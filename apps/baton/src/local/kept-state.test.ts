import { createLocalAws, type LocalAws } from '@baton/local-aws';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepState } from './kept-state.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kept-'))));
afterEach(() => rmSync(folder, { recursive: true }));

async function during(use: (aws: LocalAws) => Promise<void>): Promise<void> {
  const aws = createLocalAws({ iam: 'off' });
  try {
    const kept = await keepState(aws, folder);
    await use(aws);
    await kept.close();
  } finally {
    await aws.close();
  }
}

const definition = JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Pass', End: true } } });

test('tables with their items and state machines survive a restart', async () => {
  const item = { id: { S: 'a' }, bytes: { B: 'AQID' }, count: { N: '3' } };
  await during(async (aws) => {
    await aws.call('dynamodb:CreateTable', {
      TableName: 'orders',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    });
    await aws.call('dynamodb:PutItem', { TableName: 'orders', Item: item });
    const roleArn = 'arn:aws:iam::123456789012:role/any';
    await aws.call('states:CreateStateMachine', { name: 'nightly', definition, roleArn });
  });
  for (const _restart of [1, 2]) {
    await during(async (aws) => {
      expect((await aws.call('dynamodb:Scan', { TableName: 'orders' }))['Items']).toEqual([item]);
      const { stateMachines } = await aws.call('states:ListStateMachines', {});
      expect(stateMachines).toMatchObject([{ name: 'nightly' }]);
    });
  }
});

test('a file that is something else is named, and left as it is', async () => {
  writeFileSync(join(folder, 'baton-local.json'), '{"mine": true}');
  await expect(during(async () => undefined)).rejects.toThrow('is not what baton local has kept');
});
