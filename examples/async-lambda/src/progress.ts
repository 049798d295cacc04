import { GetItemCommand, UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** How far a job has come: for the next attempt after a crash, and for anybody who asks. */
export interface Progress {
  /** Chapters that are done. */
  done(jobId: string): Promise<number>;
  save(jobId: string, done: number, of: number): Promise<void>;
}

export const dynamoDbProgress = (client: DynamoDBClient, TableName: string): Progress => ({
  async done(jobId) {
    const { Item } = await client.send(
      new GetItemCommand({ TableName, Key: { jobId: { S: jobId } }, ConsistentRead: true }),
    );
    return Number(Item?.['done']?.N ?? 0);
  },
  async save(jobId, done, of) {
    await client.send(
      new UpdateItemCommand({
        TableName,
        Key: { jobId: { S: jobId } },
        UpdateExpression: 'SET #done = :done, #of = :of',
        ExpressionAttributeNames: { '#done': 'done', '#of': 'of' },
        ExpressionAttributeValues: { ':done': { N: String(done) }, ':of': { N: String(of) } },
      }),
    );
  },
});
