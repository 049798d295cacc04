import type { HistoryEvent, Millis } from './protocol.ts';

/** After this many events an execution cannot go on. */
export const MAX_EVENTS = 25_000;

type Details = Readonly<Record<string, unknown>>;

/** The record of an execution, append only: ids are dense from 1, and every previousEventId is an earlier id or 0. */
export class History {
  readonly events: HistoryEvent[] = [];

  append(
    type: string,
    previousEventId: number,
    timestamp: Millis,
    name?: `${string}EventDetails`,
    details?: Details,
  ): number {
    const id = this.events.length + 1;
    // One literal: a member that is added later costs the event a second object.
    const event = name
      ? { id, previousEventId, timestamp, type, [name]: details }
      : { id, previousEventId, timestamp, type };
    this.events.push(event as HistoryEvent);
    return id;
  }

  get isFull(): boolean {
    return this.events.length >= MAX_EVENTS - 1;
  }
}

/** Shared by all events: hundreds of thousands of executions may wait. */
export const NOT_TRUNCATED = Object.freeze({ truncated: false });

/** `{ input, inputDetails }`, as several details have them. */
export const inputDetails = (input: string): Details => ({ input, inputDetails: NOT_TRUNCATED });
/** `{ output, outputDetails }` */
export const outputDetails = (output: string): Details => ({ output, outputDetails: NOT_TRUNCATED });

/** Only the members that have a value: an AWS answer has no member instead of an empty one. */
export function errorDetails(error: string | undefined, cause: string | undefined): { error?: string; cause?: string } {
  return { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
}
