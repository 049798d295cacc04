import { longestSilenceSeconds } from '../kinds/work.ts';
import { type Callback, isOpen } from '../lifecycle/callback.ts';
import { type Millis, seconds } from '../wire/millis.ts';

/** The instant at which Step Functions gives the task up, unless somebody is heard of before. */
export interface NextDeadline {
  readonly at: Millis;
  /** `heartbeat`: the worker would be silent for too long. `timeout`: the task has taken too long. */
  readonly of: 'heartbeat' | 'timeout';
  /** When the time that is running out began to run: the last heartbeat, or the task's start. */
  readonly since: Millis;
}

/** Returns the next of the two clocks that Step Functions keeps for the task, as far as Baton knows them (L4). */
export function nextDeadline(row: Callback): NextDeadline {
  const since = row.run?.lastContactAt ?? row.createdAt;
  const silentAt = since + seconds(longestSilenceSeconds(row.terms));
  const beats = row.terms.heartbeatSeconds !== undefined && isOpen(row);
  return beats && silentAt < row.deadline
    ? { at: silentAt, of: 'heartbeat', since }
    : { at: row.deadline, of: 'timeout', since: row.createdAt };
}
