import { PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** What the state "Save Feedback" hands over. */
export interface Feedback {
  readonly requestId: string;
  /** The outcome of the approval: the decision, who decided and when. */
  readonly outcome: Readonly<Record<string, unknown>>;
}

/** Keeps what people decided. The same execution writes the same item, however often it is retried. */
export async function saveFeedback(client: DynamoDBClient, TableName: string, { requestId, outcome }: Feedback) {
  await client.send(
    new PutItemCommand({ TableName, Item: { requestId: { S: requestId }, outcome: { S: JSON.stringify(outcome) } } }),
  );
  return { requestId, saved: true };
}
