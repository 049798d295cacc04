import type { StateMachine } from '../definition/state-machine.ts';
import type { EnginePorts, ExecutionIdentity } from '../protocol.ts';
import { Execution } from './execution.ts';

export interface ExecutionOptions {
  readonly machine: StateMachine;
  /** JSON text. */
  readonly input: string;
  readonly identity: ExecutionIdentity;
  readonly ports: EnginePorts;
}

/** An execution that has not begun: `handle({ type: 'start' }, now)` begins it. */
export function createExecution({ machine, input, identity, ports }: ExecutionOptions): Execution {
  return new Execution(machine, input, identity, ports);
}
