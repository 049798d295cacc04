import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Item } from './attribute-values.ts';

export interface Table {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

export interface Condition {
  readonly expression: string;
  readonly names?: Record<string, string>;
  readonly values?: Item;
}

/** A consistent read. */
export async function getItem({ client, tableName }: Table, key: Item): Promise<Item | undefined> {
  const { Item } = await client.send(new GetItemCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
  return Item;
}

/**
 * Puts an item, or answers with the one that was in the way. Each write carries its own `writeId`: when the SDK repeats
 * a write whose answer was lost, the item in the way is that very write, and it counts as done.
 */
export async function conditionalPut(
  table: Table,
  item: Item,
  condition: Condition,
): Promise<Item | 'gone' | undefined> {
  const writeId = randomUUID();
  try {
    await table.client.send(
      new PutItemCommand({
        TableName: table.tableName,
        Item: { ...item, writeId: { S: writeId } },
        ConditionExpression: condition.expression,
        ...(condition.names && { ExpressionAttributeNames: condition.names }),
        ...(condition.values && { ExpressionAttributeValues: condition.values }),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const inTheWay = error.Item ?? (await getItem(table, { pk: item.pk!, sk: item.sk! }));
    if (inTheWay === undefined) return 'gone';
    return inTheWay.writeId?.S === writeId ? undefined : inTheWay;
  }
}
