/**
 * A clock that goes from event to event, and what runs by it. Between two events everything that can go on without time
 * does; so a run is the same each time, and an hour takes as long as what happens in it.
 */
import type { Millis } from '@baton/token-lib';

export interface Timer {
  cancel(): void;
}

export interface VirtualTime {
  readonly now: () => Millis;
  after(delay: Millis, act: () => void): Timer;
  /** Runs until `isOver`, which is asked after each event, or until nothing is left to happen. */
  run(isOver: () => boolean): Promise<void>;
}

interface Event {
  readonly at: Millis;
  /** Events of the same instant happen in the order in which they were set. */
  readonly order: number;
  act: (() => void) | undefined;
}

const comesBefore = (one: Event, other: Event): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order);

/** Promises that can be settled without time are. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function virtualTime(start: Millis): VirtualTime {
  const events: Event[] = [];
  let now = start;
  let order = 0;
  let cancelled = 0;

  /** Timers that were cancelled would be kept until their time. */
  function sweep(): void {
    const left = events.filter(({ act }) => act !== undefined);
    events.length = 0;
    for (const event of left) push(events, event);
    cancelled = 0;
  }

  return {
    now: () => now,
    after(delay, act) {
      const event: Event = { at: now + Math.max(0, delay), order: (order += 1), act };
      push(events, event);
      return {
        cancel() {
          if (event.act === undefined) return;
          event.act = undefined;
          cancelled += 1;
          if (cancelled > events.length / 2) sweep();
        },
      };
    },
    async run(isOver) {
      await settled();
      for (let event = pop(events); event !== undefined; event = pop(events)) {
        const { act } = event;
        if (act === undefined) {
          cancelled -= 1;
          continue;
        }
        event.act = undefined;
        now = event.at;
        act();
        await settled();
        if (isOver()) return;
      }
    },
  };
}

/** A binary heap: the parent of the place n is at (n - 1) / 2. */
function push(heap: Event[], event: Event): void {
  let place = heap.length;
  while (place > 0) {
    const above = (place - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || comesBefore(parent, event)) break;
    heap[place] = parent;
    place = above;
  }
  heap[place] = event;
}

function pop(heap: Event[]): Event | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let place = 0;
  for (;;) {
    const left = 2 * place + 1;
    const [one, other] = [heap[left], heap[left + 1]];
    if (one === undefined) break;
    const [next, at] = other !== undefined && comesBefore(other, one) ? [other, left + 1] : [one, left];
    if (comesBefore(last, next)) break;
    heap[place] = next;
    place = at;
  }
  heap[place] = last;
  return first;
}
