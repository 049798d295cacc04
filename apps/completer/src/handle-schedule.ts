import { parse, reconcile, type ReconcilePorts } from '@baton/token-lib';
import * as z from 'zod/mini';
import { metricLine } from './metric-line.ts';

const Tick = z.object({ time: z.iso.datetime() });

/**
 * The handler of EventBridge's clock: the reconciler's run of this minute.
 *
 * @returns the line of metrics that the run made
 * @throws {BatonError} `InvalidRequest` for an event without a time
 */
export async function handleSchedule(ports: ReconcilePorts, event: unknown, functionName: string): Promise<string> {
  const at = Date.parse(parse(Tick, event).time);
  return metricLine(await reconcile(ports, at), functionName, at);
}
