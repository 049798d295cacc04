export type { Duration } from './duration.ts';
export { ExecutionFailed } from './execution-failed.ts';
export type { Faults } from './faults.ts';
export type { HostHandle } from './hosts.ts';
export type { CallbackHandle } from './callback-handle.ts';
export type { Run } from './run.ts';
export type { Mock, ServiceCall } from './service-calls.ts';
export { startBaton, type Baton, type BatonOptions } from './start-baton.ts';
export type { TestWorker } from './workers.ts';
