import {
  type Callback,
  type Operator,
  type Outcome,
  settle,
  type SettleAnswer,
  type TaskAnswer,
} from '@baton/token-lib';
import type { OperatorConnection } from '@baton/token-lib/aws';
import { explain } from './explain.ts';

export interface SettledByHand {
  readonly callbackId: string;
  readonly answer: SettleAnswer;
  readonly prevailed: boolean;
  readonly message: string;
  readonly operator: Operator;
}

type Ports = Pick<OperatorConnection, 'store' | 'tasks' | 'executions'>;

/** Takes the same way as a worker's report: stored with who and why, then told once (L1, L2). */
export async function settleByHand(
  { store, tasks, executions }: Ports,
  row: Callback,
  outcome: Outcome,
  operator: Operator,
  at: number,
): Promise<SettledByHand> {
  const { callbackId } = row;
  let said: TaskAnswer | undefined;
  const ports = {
    store,
    executions,
    tasks: { ...tasks, tell: async (...told: Parameters<typeof tasks.tell>) => (said = await tasks.tell(...told)) },
    log: () => undefined,
  };
  const answer = await settle(ports, row, { from: { by: 'operator', operator }, outcome, at });
  const standing = (await store.read(callbackId)) ?? row;
  return { callbackId, answer, ...explain({ outcome, answer, row: standing, said }), operator };
}
