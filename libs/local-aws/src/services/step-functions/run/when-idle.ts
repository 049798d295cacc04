import { performance } from 'node:perf_hooks';
import type { Millis } from '../../../kernel/clock/clock.ts';

const LOOK_MILLIS: Millis = 20;
/** The share of a look in which this thread had work, up to which there is room for more. */
const IDLE = 0.5;

/**
 * Calls the work while this thread has little else to do, until it answers false. It does not keep the process alive.
 *
 * @param work takes a few milliseconds at most, and answers whether more is left
 */
export function whenIdle(work: () => boolean): void {
  const before = performance.eventLoopUtilization();
  setTimeout(() => {
    const isIdle = performance.eventLoopUtilization(before).utilization < IDLE;
    if (!isIdle || work()) whenIdle(work);
  }, LOOK_MILLIS).unref();
}
