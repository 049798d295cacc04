import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { lambdaWorker } from '@baton/token-lib/worker';
import { printBook, type Book } from './print-book.ts';
import { dynamoDbProgress } from './progress.ts';

const table = process.env['TABLE_NAME'];
if (!table) throw new Error('TABLE_NAME is not set: it names the table of progress');
const progress = dynamoDbProgress(new DynamoDBClient({}), table);

export const handler = lambdaWorker((book: Book, { signal }) => printBook(book, progress, signal));
