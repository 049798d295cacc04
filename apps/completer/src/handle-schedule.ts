import { type Clock, type Millis, parse, reconcile, type ReconcilePorts, seconds } from '@baton/token-lib';
import * as z from 'zod/mini';
import { metricLine } from './metric-line.ts';

const Tick = z.object({ time: z.iso.datetime() });

/** For the row that is being attended to, which may have an outcome to tell, with pauses. */
const RESERVE = seconds(15);

export interface ScheduledRun {
  readonly functionName: string;
  readonly clock: Clock;
  /** When Lambda ends the function. */
  readonly endsAt: Millis;
  /** How many approvers have not confirmed that they want notices; undefined where it could not be learned. Never rejects. */
  readonly pendingSubscriptions: () => Promise<number | undefined>;
  /** Takes the line of metrics. */
  readonly write: (line: string) => void;
}

/**
 * The handler of EventBridge's clock: the reconciler's run of this minute.
 *
 * @throws {BatonError} `InvalidRequest` for an event without a time
 */
export async function handleSchedule(ports: ReconcilePorts, event: unknown, run: ScheduledRun): Promise<void> {
  const at = Date.parse(parse(Tick, event).time);
  const pending = await run.pendingSubscriptions();
  await reconcile(ports, at, {
    clock: run.clock,
    until: run.endsAt - RESERVE,
    measured: (measures) => run.write(metricLine({ ...measures, pendingSubscriptions: pending }, run.functionName, at)),
  });
}
