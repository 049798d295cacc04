import type { Millis, Timer } from './clock.ts';

/** A timer that is its own handle: a hundred thousand of them wait at once. */
class Entry implements Timer {
  readonly at: Millis;
  readonly order: number;
  fire: (() => void) | undefined;
  readonly #queue: TimerQueue;

  constructor(at: Millis, order: number, fire: () => void, queue: TimerQueue) {
    this.at = at;
    this.order = order;
    this.fire = fire;
    this.#queue = queue;
  }

  cancel(): void {
    if (this.fire === undefined) return;
    this.fire = undefined;
    this.#queue.cancelled();
  }
}

const before = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/**
 * A binary heap of timers: O(log n) to add and to take. A cancelled timer stays as an empty entry until most are empty.
 *
 * It is our own because heaps of npm (tinyqueue, heap-js) know neither handles that cancel nor the order of equal times, and a
 * wrapper that adds both would be as long as the heap.
 */
export class TimerQueue {
  #heap: Entry[] = [];
  #order = 0;
  #cancelled = 0;

  add(at: Millis, fire: () => void): Timer {
    const entry = new Entry(at, this.#order++, fire, this);
    this.#heap.push(entry);
    this.#up(this.#heap.length - 1);
    return entry;
  }

  /** An entry has been emptied. */
  cancelled(): void {
    this.#cancelled += 1;
    if (this.#cancelled > 64 && this.#cancelled > this.#heap.length / 2) this.#sweep();
  }

  /** The time of the earliest live timer. */
  next(): Millis | undefined {
    for (let top = this.#heap[0]; top; top = this.#heap[0]) {
      if (top.fire) return top.at;
      this.#pop();
      this.#cancelled -= 1;
    }
    return undefined;
  }

  /** Takes the earliest live timer that is due at `now`. The caller fires it. */
  take(now: Millis): (() => void) | undefined {
    const at = this.next();
    if (at === undefined || at > now) return undefined;
    const entry = this.#pop();
    const fire = entry.fire;
    entry.fire = undefined;
    return fire;
  }

  /** Fires every timer that is due at `now`, the earliest first. */
  fireDue(now: Millis): void {
    for (let fire = this.take(now); fire; fire = this.take(now)) fire();
  }

  #sweep(): void {
    const live = this.#heap.filter((entry) => entry.fire !== undefined);
    live.sort((a, b) => (before(a, b) ? -1 : 1));
    this.#heap = live;
    this.#cancelled = 0;
  }

  #pop(): Entry {
    const top = this.#heap[0] as Entry;
    const last = this.#heap.pop() as Entry;
    if (this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#down(0);
    }
    return top;
  }

  #up(start: number): void {
    const heap = this.#heap;
    const entry = heap[start] as Entry;
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as Entry;
      if (!before(entry, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  #down(start: number): void {
    const heap = this.#heap;
    const entry = heap[start] as Entry;
    let index = start;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Entry, heap[child] as Entry)) child += 1;
      if (!before(heap[child] as Entry, entry)) break;
      heap[index] = heap[child] as Entry;
      index = child;
    }
    heap[index] = entry;
  }
}
