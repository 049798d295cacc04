/**
 * The door of what AWS observes, by way of EventBridge: events may come late, twice, out of order or not at all. Each is applied to the row as it
 * stands, so that none can do harm; what never comes is found by the reconciler.
 */
import { type Callback, type CallbackId, type Millis, type OpenCallbacks, parse } from '@baton/token-lib';
import * as z from 'zod/mini';
import { concurrently } from '../concurrently.ts';
import type { LostPorts } from '../settle-lost.ts';
import { CommandEnded, onCommandEnded } from './command-ended.ts';
import { ExecutionEnded, onExecutionEnded } from './execution-ended.ts';
import { HostEnded, onHostEnded, onSpotWarning, SpotWarning } from './host-ended.ts';

export interface EventPorts extends LostPorts {
  readonly open: OpenCallbacks;
}

const AwsEvent = z.object({ 'detail-type': z.string(), time: z.iso.datetime(), detail: z.unknown() });

/** By detail type, as the rules of wiring/events.json let them through. */
export async function handleEvent(ports: EventPorts, event: unknown): Promise<void> {
  const { 'detail-type': type, time, detail } = parse(AwsEvent, event);
  const at = Date.parse(time);
  switch (type) {
    case 'EC2 Command Invocation Status-change Notification':
      return onCommandEnded(ports, parse(CommandEnded, detail), at);
    case 'EC2 Instance State-change Notification':
      return onHostEnded(ports, parse(HostEnded, detail), at);
    case 'EC2 Spot Instance Interruption Warning':
      return onSpotWarning(ports, parse(SpotWarning, detail), at);
    case 'Step Functions Execution Status Change':
      return onExecutionEnded(ports, parse(ExecutionEnded, detail), at);
    default:
      ports.log('alarm', 'an event that no rule should let through', { type });
  }
}

const AT_ONCE = 10;

/** Reads and works on each row; fails at the end if one did, so that the event comes again. */
export async function eachOpen(
  ports: EventPorts,
  callbackIds: readonly CallbackId[],
  work: (row: Callback) => Promise<unknown>,
): Promise<void> {
  const { failures } = await concurrently(callbackIds, AT_ONCE, async (callbackId) => {
    const row = await ports.store.read(callbackId);
    if (row !== undefined) await work(row);
  });
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} of ${callbackIds.length} callbacks failed`);
}
