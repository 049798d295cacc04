import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

/** What the state "Save Feedback" hands over. */
interface Feedback {
  readonly requestId: string;
  /** The outcome of the approval: the decision, who decided and when. */
  readonly outcome: Readonly<Record<string, unknown>>;
}

const table = process.env['TABLE_NAME'];
if (!table) throw new Error('TABLE_NAME is not set: it names the table of feedback');
const client = new DynamoDBClient({});

/** Stores what people decided. The same execution writes the same item, however often it is retried. */
export async function saveFeedback({ requestId, outcome }: Feedback) {
  const Item = { requestId: { S: requestId }, outcome: { S: JSON.stringify(outcome) } };
  await client.send(new PutItemCommand({ TableName: table, Item }));
  return { requestId, saved: true };
}
