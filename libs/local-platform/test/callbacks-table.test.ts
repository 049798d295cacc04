import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createLocalAws } from '@baton/local-aws';
import {
  dynamoDbCallbackRecords,
  dynamoDbCallbackStore,
  dynamoDbLatestAttempts,
  dynamoDbOpenCallbacks,
} from '@baton/token-lib/aws';
import { type TableUnderTest, tableContract } from '@baton/token-lib/testing';
import { createTable } from '../src/resources.ts';
import { readTable } from '../src/wiring.ts';

/** The domain's adapters on the SDK's client, over HTTP, on the table as the platform makes it. */
async function createTableUnderTest(): Promise<TableUnderTest> {
  const aws = createLocalAws();
  await createTable(aws, 'callbacks', readTable());
  const client = new DynamoDBClient({
    endpoint: await aws.listen(),
    region: aws.world.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const table = { client, tableName: 'callbacks' };
  return {
    store: dynamoDbCallbackStore(table),
    latestAttempts: dynamoDbLatestAttempts(table),
    open: dynamoDbOpenCallbacks(table),
    records: dynamoDbCallbackRecords(table),
    async close() {
      client.destroy();
      await aws.close();
    },
  };
}

tableContract('the table in DynamoDB', createTableUnderTest);
