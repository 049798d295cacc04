/**
 * The door of what AWS observes, by way of EventBridge: events may come late, twice, out of order or not at all. Each
 * is applied to the row as it stands, so that none can do harm; what never comes is found by the reconciler.
 */
import { parse } from '@baton/token-lib';
import * as z from 'zod/mini';
import { CommandEnded, onCommandEnded } from './command-ended.ts';
import type { EventPorts } from './each-open.ts';
import { ExecutionEnded, onExecutionEnded } from './execution-ended.ts';
import { HostEnded, onHostEnded, onSpotWarning, SpotWarning } from './host-ended.ts';

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
