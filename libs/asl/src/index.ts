export type * from './protocol.ts';
export type { Diagnostic } from './definition/fields.ts';
export { parseDefinition, type ParsedDefinition } from './definition/parse-definition.ts';
export { parseResource } from './definition/resource.ts';
export type { StateMachine } from './definition/state-machine.ts';
export { createExecution, type Execution, type ExecutionOptions } from './execution/execution.ts';
export type { MapRun } from './execution/map-run.ts';
export { type Follows, type StateEnd, whatFollows } from './execution/what-follows.ts';
