import { SFNClient } from '@aws-sdk/client-sfn';
import { createCheckOrder } from './check-order.ts';

// One attempt: a repeated call whose first answer was lost would read "Task Timed Out". A message that comes again is the retry.
export const checkOrder = createCheckOrder(new SFNClient({ maxAttempts: 1 }));
