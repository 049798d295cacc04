import {
  type Callback,
  type CommandObserver,
  errorName,
  failure,
  FailureName,
  type Invocation,
  type Millis,
  receiptOf,
  settle,
  type SettleAnswer,
  type SettlePorts,
} from '@baton/token-lib';

export interface LostPorts extends SettlePorts {
  readonly observer: CommandObserver;
}

const STDERR_SHOWN = 2_000;

/**
 * Fails a callback whose command has ended without a report: with SSM's status, and the end of what was written to
 * stderr (L6).
 */
export async function settleLost(ports: LostPorts, row: Callback, at: Millis): Promise<SettleAnswer> {
  const instanceId = row.terms.instanceId ?? '';
  const commandId = receiptOf(row) ?? '';
  const invocation = await lookAt(ports, commandId, instanceId);
  const status =
    invocation?.statusDetails ?? (row.state === 'Dispatched' ? row.observed?.status : undefined) ?? 'unknown';
  const what = row.run === undefined ? 'the job was never claimed' : 'the job did not report its outcome';
  const lines = [`command ${commandId} on host ${instanceId} has ended (SSM status: ${status}), and ${what}`];
  if (invocation !== undefined && invocation.stderr !== '')
    lines.push(`stderr ends with:\n${invocation.stderr.slice(-STDERR_SHOWN)}`);
  const outcome = failure(FailureName.jobLost, lines.join('; '));
  return settle(ports, row, { from: { by: 'observer' }, outcome, at, unheardSince: row.run?.lastContactAt ?? 0 });
}

/** The details are welcome, not needed. */
async function lookAt(
  { observer, log }: LostPorts,
  commandId: string,
  instanceId: string,
): Promise<Invocation | undefined> {
  try {
    return await observer.invocation(commandId, instanceId);
  } catch (error) {
    log('info', 'no details of the command', { commandId, name: errorName(error) });
    return undefined;
  }
}
