import { SFNClient } from '@aws-sdk/client-sfn';
import { createCheckOrder } from './check-order.ts';

// One attempt: if the response to the first were lost, the second would fail with "Task Timed Out". The next delivery of the message is the retry.
export const checkOrder = createCheckOrder(new SFNClient({ maxAttempts: 1 }));
