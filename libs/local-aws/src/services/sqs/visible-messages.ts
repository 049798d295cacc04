import { Deque } from './deque.ts';
import type { Message } from './message.ts';

/** Which visible message is next. The queue tells it what becomes visible and what leaves flight. */
export interface VisibleMessages {
  put(message: Message): void;
  /** Takes up to `max` messages, without those that `admit` turns away. The caller puts them in flight. */
  take(max: number, admit: (message: Message) => boolean): Message[];
  /** A message in flight was deleted, or is about to be put back. */
  settle(message: Message): void;
}

/** A message that was deleted while it waited stays in the list until it reaches the front. */
function firstPresent(waiting: Deque<Message>): Message | undefined {
  while (waiting.first?.state === 'gone') waiting.shift();
  return waiting.first;
}

/** A standard queue: the order of becoming visible. */
export class StandardOrder implements VisibleMessages {
  readonly #waiting = new Deque<Message>();

  put(message: Message): void {
    this.#waiting.push(message);
  }

  take(max: number, admit: (message: Message) => boolean): Message[] {
    const taken: Message[] = [];
    while (taken.length < max) {
      const message = firstPresent(this.#waiting);
      if (message === undefined) break;
      this.#waiting.shift();
      if (admit(message)) taken.push(message);
    }
    return taken;
  }

  settle(): void {}
}

interface Group {
  readonly id: string;
  readonly waiting: Deque<Message>;
  inFlight: number;
  /** Whether it stands in the list of groups to serve. */
  ready: boolean;
}

const isBefore = (one: Message, other: Message): boolean => one.place < other.place;

/** A FIFO queue: each message group in the order of sending; a group with messages in flight is locked. */
export class FifoOrder implements VisibleMessages {
  readonly #groups = new Map<string, Group>();
  readonly #ready = new Deque<Group>();

  put(message: Message): void {
    const group = this.#group(message);
    // What comes back stands behind at most the few that were in flight beside it.
    group.waiting.insert(message, isBefore);
    this.#offer(group);
  }

  take(max: number, admit: (message: Message) => boolean): Message[] {
    const taken: Message[] = [];
    while (taken.length < max) {
      const group = this.#ready.shift();
      if (group === undefined) break;
      group.ready = false;
      this.#takeFrom(group, max, admit, taken);
      this.#offer(group);
    }
    return taken;
  }

  settle(message: Message): void {
    const group = this.#group(message);
    group.inFlight -= 1;
    this.#offer(group);
  }

  #takeFrom(group: Group, max: number, admit: (message: Message) => boolean, taken: Message[]): void {
    while (taken.length < max) {
      const message = firstPresent(group.waiting);
      if (message === undefined) return;
      group.waiting.shift();
      if (!admit(message)) continue;
      taken.push(message);
      group.inFlight += 1;
    }
  }

  /** Puts an unlocked group with messages into the list of groups to serve; forgets an empty one. */
  #offer(group: Group): void {
    if (group.inFlight > 0 || group.ready) return;
    if (firstPresent(group.waiting) === undefined) {
      this.#groups.delete(group.id);
    } else {
      group.ready = true;
      this.#ready.push(group);
    }
  }

  #group(message: Message): Group {
    const id = message.letter.groupId ?? '';
    let group = this.#groups.get(id);
    if (group === undefined) {
      group = { id, waiting: new Deque(), inFlight: 0, ready: false };
      this.#groups.set(id, group);
    }
    return group;
  }
}
