export * from './client-options.ts';
export * from './connect-operator.ts';
export type { Table } from './conditional-put.ts';
export * from './default-signer.ts';
export * from './dynamodb-callback-records.ts';
export * from './dynamodb-callback-store.ts';
export * from './dynamodb-latest-attempts.ts';
export * from './dynamodb-open-callbacks.ts';
export { queueReminders } from './queue-reminders.ts';
