export * from './connect-operator.ts';
export type { Table } from './conditional-put.ts';
export * from './dynamodb-callback-records.ts';
export * from './dynamodb-callback-store.ts';
export * from './dynamodb-open-callbacks.ts';
export * from './dynamodb-work-heads.ts';
export * from './ssm-commands.ts';
export * from './step-functions-executions.ts';
export * from './step-functions-task-client.ts';
