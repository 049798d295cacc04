import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject } from '../../kernel/service.ts';
import type { DynamoCall } from './dynalite.ts';

/** The loser of a condition is told what it lost to, where it asks for it (ReturnValuesOnConditionCheckFailure). */
export async function conditionalWrite(dynamo: DynamoCall, action: string, input: JsonObject): Promise<JsonObject> {
  try {
    return await dynamo(action, input);
  } catch (error) {
    const asked = input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD';
    if (!asked || !(error instanceof AwsError) || error.code !== 'ConditionalCheckFailedException') throw error;
    const Key = await keyOf(dynamo, input);
    const { Item } = await dynamo('GetItem', { TableName: input['TableName'], Key, ConsistentRead: true });
    throw Item === undefined ? error : new AwsError(error.code, error.message, error.status, { Item });
  }
}

/** The key of a write: given as it is, or the key attributes of the item that is put. */
export async function keyOf(dynamo: DynamoCall, input: JsonObject): Promise<unknown> {
  if (input['Key'] !== undefined) return input['Key'];
  const { Table } = (await dynamo('DescribeTable', { TableName: input['TableName'] })) as {
    Table: { KeySchema: { AttributeName: string }[] };
  };
  const item = input['Item'] as JsonObject;
  return Object.fromEntries(Table.KeySchema.map(({ AttributeName }) => [AttributeName, item[AttributeName]]));
}
