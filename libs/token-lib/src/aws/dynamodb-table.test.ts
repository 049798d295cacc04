import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient, type KeySchemaElement } from '@aws-sdk/client-dynamodb';
import { type TableUnderTest, tableContract } from '../testing/table-contract.ts';
import { dynamoDbCallbackRecords } from './dynamodb-callback-records.ts';
import { dynamoDbCallbackStore } from './dynamodb-callback-store.ts';
import { dynamoDbOpenCallbacks } from './dynamodb-open-callbacks.ts';
import { dynamoDbLatestAttempts } from './dynamodb-latest-attempts.ts';

// dynalite is CommonJS and has no types of its own.
const dynalite = createRequire(import.meta.url)('dynalite') as (options: object) => Server;

interface Key {
  readonly name: string;
  readonly type: 'S' | 'N';
}
interface Keys {
  readonly partitionKey: Key;
  readonly sortKey: Key;
}
const wiring = JSON.parse(
  readFileSync(new URL('../../../../terraform/modules/platform/wiring/table.json', import.meta.url), 'utf8'),
) as Keys & { readonly indexes: Record<string, Keys> };

const schema = ({ partitionKey, sortKey }: Keys): KeySchemaElement[] => [
  { AttributeName: partitionKey.name, KeyType: 'HASH' },
  { AttributeName: sortKey.name, KeyType: 'RANGE' },
];

/** The table as the platform makes it, from the same wiring file. */
async function createTable(): Promise<TableUnderTest> {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const keys = [wiring, ...Object.values(wiring.indexes)].flatMap((index) => [index.partitionKey, index.sortKey]);
  await client.send(
    new CreateTableCommand({
      TableName: 'callbacks',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: schema(wiring),
      AttributeDefinitions: [
        ...new Map(keys.map((key) => [key.name, { AttributeName: key.name, AttributeType: key.type }])).values(),
      ],
      GlobalSecondaryIndexes: Object.entries(wiring.indexes).map(([IndexName, index]) => ({
        IndexName,
        KeySchema: schema(index),
        Projection: { ProjectionType: 'KEYS_ONLY' },
      })),
    }),
  );
  const table = { client, tableName: 'callbacks' };
  return {
    store: dynamoDbCallbackStore(table),
    latestAttempts: dynamoDbLatestAttempts(table),
    open: dynamoDbOpenCallbacks(table),
    records: dynamoDbCallbackRecords(table),
    async close() {
      client.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

tableContract('the table in DynamoDB', createTable);
