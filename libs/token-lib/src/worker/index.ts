export { httpReports } from './http-reports.ts';
export { lambdaWorker } from './lambda-worker.ts';
export { pollQueue, type PollOptions } from './poll-queue.ts';
export { queueReports } from './queue-reports.ts';
export { queueWorker, type BatchAnswer, type QueueWorkerOptions } from './queue-worker.ts';
export type { Reporter, Reports } from './reports.ts';
export type { WorkContext, WorkFunction } from './run-work.ts';
