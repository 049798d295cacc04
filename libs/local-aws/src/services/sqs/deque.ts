/**
 * A list that is taken from the front in amortised O(1): the memory of what was taken is given back in large pieces. An array
 * shifts in O(n) once it is long, and deques of npm (denque, double-ended-queue) do not insert in order, which FIFO queues need.
 */
export class Deque<T> {
  #items: T[] = [];
  #head = 0;

  get first(): T | undefined {
    return this.#items[this.#head];
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** Puts the item in front of the first one that comes after it. Quick where that is near one of the ends. */
  insert(item: T, isBefore: (one: T, other: T) => boolean): void {
    const last = this.#items.at(-1);
    if (this.first === undefined || last === undefined || isBefore(last, item)) {
      this.push(item);
      return;
    }
    const next = this.#items.findIndex((other, index) => index >= this.#head && isBefore(item, other));
    this.#items.splice(next, 0, item);
  }

  shift(): T | undefined {
    const item = this.first;
    if (item === undefined) return undefined;
    this.#head += 1;
    if (this.#head === this.#items.length || (this.#head > 1024 && this.#head > this.#items.length / 2)) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }
}
