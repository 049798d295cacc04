import type { HistoryEvent, Millis } from './protocol.ts';

/** The most events of an execution (documented: quotas). */
export const MAX_EVENTS = 25_000;

type Details = Readonly<Record<string, unknown>>;

/** The events of an execution (A1). */
export class History {
  readonly events: HistoryEvent[] = [];

  /** Adds an event and returns its id. */
  append(
    type: string,
    previousEventId: number,
    timestamp: Millis,
    name?: `${string}EventDetails`,
    details?: Details,
  ): number {
    const id = this.events.length + 1;
    // One literal each: adding a member later would double the event's memory.
    const event = name
      ? { id, previousEventId, timestamp, type, [name]: details }
      : { id, previousEventId, timestamp, type };
    this.events.push(event as HistoryEvent);
    return id;
  }

  /** Whether there is room for only one more event: the one that ends the execution (A9). */
  get isFull(): boolean {
    return this.events.length >= MAX_EVENTS - 1;
  }
}

/** One object for all events, because hundreds of thousands of executions may be in memory. */
export const NOT_TRUNCATED = Object.freeze({ truncated: false });

/** Returns the members that the details of several events have for an input. */
export const inputDetails = (input: string): Details => ({ input, inputDetails: NOT_TRUNCATED });
/** Returns the members that the details of several events have for an output. */
export const outputDetails = (output: string): Details => ({ output, outputDetails: NOT_TRUNCATED });

/** Returns only the members that have a value: in the API model, an absent value is an absent member. */
export function errorDetails(error: string | undefined, cause: string | undefined): { error?: string; cause?: string } {
  return { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
}
