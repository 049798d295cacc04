import { queueWorker } from '@baton/token-lib/worker';
import { directReports } from '@baton/token-lib/worker/direct';
import { half, price, stock } from './work.ts';

// In direct mode the message carries the task token, and the worker itself tells Step Functions.
const reports = directReports();
export const halfWorker = queueWorker(half, { reports });
export const priceWorker = queueWorker(price, { reports });

// Dispatched: the message carries a callbackId, and the worker reports to Baton.
export const stockWorker = queueWorker(stock);
