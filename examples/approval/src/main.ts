import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { saveFeedback as save, type Feedback } from './save-feedback.ts';

const table = process.env['TABLE_NAME'];
if (!table) throw new Error('TABLE_NAME is not set: it names the table of feedback');
const client = new DynamoDBClient({});

export const saveFeedback = (event: Feedback) => save(client, table, event);
