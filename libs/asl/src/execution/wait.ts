import { parseTimestamp } from '../data/timestamp.ts';
import type { WaitState } from '../definition/state-machine.ts';
import type { Dynamic } from '../definition/state-machine.ts';
import type { Json, Millis } from '../protocol.ts';
import type { Steps, Visit } from './branch.ts';
import { resolve } from './data-flow.ts';
import { DataFailure } from './failure.ts';

export function* waitUntil(visit: Visit, { until }: WaitState): Steps<void> {
  const { execution } = visit.branch;
  const at =
    until.kind === 'seconds'
      ? execution.now + 1000 * secondsOf(until.seconds, yield* resolve(visit, until.seconds))
      : instantOf(until.timestamp, yield* resolve(visit, until.timestamp));
  yield* execution.sleep(visit.branch, at);
}

function secondsOf(field: Dynamic<number>, value: Json): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  const negative = typeof value === 'number' && Number.isInteger(value);
  if (field.kind === 'path') {
    const problem = negative ? 'references a negative value' : 'cannot be parsed as a long value';
    throw new DataFailure(
      'States.Runtime',
      `The ${field.field} parameter ${problem}: ${field.text} == ${shown(value)}`,
    );
  }
  throw new DataFailure(
    'States.QueryEvaluationError',
    `The Seconds field cannot be parsed as a long value: ${shown(value)}`,
    'Seconds',
  );
}

function instantOf(field: Dynamic<string>, value: Json): Millis {
  const instant = typeof value === 'string' ? parseTimestamp(value) : undefined;
  if (instant !== undefined) return instant;
  const form = 'ISO-8601 extended offset date-time format string';
  if (field.kind === 'path') {
    throw new DataFailure(
      'States.Runtime',
      `The ${field.field} parameter does not reference a valid ${form}: ${field.text} == ${shown(value)}`,
    );
  }
  throw new DataFailure(
    'States.QueryEvaluationError',
    `The Timestamp field cannot be parsed as an ${form}: ${shown(value)}`,
    'Timestamp',
  );
}

const shown = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
