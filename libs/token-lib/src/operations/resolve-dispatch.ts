import type { Stored } from '../lifecycle/callback.ts';
import { dispatched } from '../lifecycle/dispatch.ts';
import type { CommandSender } from '../ports.ts';
import { FailureName } from '../wire/errors.ts';
import type { Millis } from '../wire/millis.ts';
import { failure } from '../wire/outcome.ts';
import { change } from './change.ts';
import { settle, type SettlePorts } from './settle.ts';

export interface ResolvePorts extends SettlePorts {
  readonly sender: Pick<CommandSender, 'find'>;
}

/** A dispatcher ended in the middle (L5): either its command is there, or the work never started. */
export async function resolveDispatch(ports: ResolvePorts, row: Stored, at: Millis): Promise<void> {
  const onHost = row.terms.instanceId !== undefined;
  const receipt = onHost ? await ports.sender.find(row.callbackId, row.createdAt) : undefined;
  if (receipt !== undefined) {
    await change(ports.store, row, (current) => dispatched(current, receipt));
    return;
  }
  const outcome = failure(
    FailureName.dispatchLost,
    'the dispatcher ended before it knew that the work had been started',
  );
  await settle(ports, row, { from: { by: 'observer' }, outcome, at });
}
