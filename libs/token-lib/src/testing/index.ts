export * from './crashing-table.ts';
export * from './fake-commands.ts';
export * from './fake-mac.ts';
export * from './fake-starts.ts';
export * from './fake-step-functions.ts';
export * from './memory-table.ts';
export * from './samples.ts';
export * from './table-contract.ts';
