import { DataFailure } from '../data/data-failure.ts';
import { parseTimestamp } from '../data/timestamp.ts';
import type { Dynamic, WaitState } from '../definition/state-machine.ts';
import type { Json, Millis } from '../protocol.ts';
import type { Steps, Visit } from './branch.ts';
import { conclude, integerOf, type Passage, resolve, shown } from './data-flow.ts';

/** Waits for Seconds, or until Timestamp. @throws {DataFailure} when the field is invalid */
export function* wait(visit: Visit, { until, next }: WaitState): Steps<Passage> {
  const { engine } = visit.branch;
  const value = yield* resolve<number | string>(visit, until.kind === 'seconds' ? until.seconds : until.timestamp);
  visit.evaluationEventId = visit.enteredEventId;
  const at =
    until.kind === 'seconds' ? engine.now + 1000 * secondsOf(until.seconds, value) : instantOf(until.timestamp, value);
  yield* engine.sleep(visit.branch, at);
  return yield* conclude(visit, visit.input, next);
}

function secondsOf(field: Dynamic<number>, value: Json): number {
  const seconds = integerOf(field, value);
  if (seconds !== undefined && seconds >= 0) return seconds;
  if (field.kind === 'path') {
    const problem = seconds !== undefined ? 'references a negative value' : 'cannot be parsed as a long value';
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
