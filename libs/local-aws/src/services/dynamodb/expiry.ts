import type { Clock, Millis, Timer } from '../../kernel/clock/clock.ts';
import { attributeOf, type Item } from './attribute-value.ts';
import { keyOf } from './key-schema.ts';
import type { TableItems } from './table-items.ts';

/** So many times as many expiring items are kept as `retain` says. */
const ITEMS_FOR_EACH_RETAINED = 100;

/** AWS deletes an expired item "within a few days", and leaves those that expired over five years ago. [documented] */
const DELETED_AFTER: Millis = 2 * 24 * 3_600_000;
const TOO_OLD: Millis = 5 * 365 * 24 * 3_600_000;

/**
 * Deletes the items of a table two days after their time to live is over. Items that are to expire are bounded in number too, because
 * they lie in memory: of more than 100 times `retain`, those written longest ago go first.
 * [documented: DynamoDB Developer Guide, "Using time to live"; the bound is this one's own]
 */
export interface Expiry {
  /** Items that carry the attribute expire from now on; none do where it is undefined. */
  follow(attribute: string | undefined): void;
  /** An item has been written, or deleted where there is no `after`. */
  written(key: Item, after: Item | undefined): void;
  close(): void;
}

function timeIn(item: Item, attribute: string): Millis | undefined {
  const value = attributeOf(item, attribute);
  return value !== undefined && 'N' in value ? Number(value.N) * 1000 : undefined;
}

export function createExpiry(clock: Clock, retain: number, items: TableItems): Expiry {
  let attribute: string | undefined;
  /** By the text of the key, in the order in which they were written. */
  const timers = new Map<string, { readonly key: Item; readonly timer: Timer }>();

  const forget = (text: string): void => {
    timers.get(text)?.timer.cancel();
    timers.delete(text);
  };
  const expire = (text: string): void => {
    const found = timers.get(text);
    forget(text);
    if (found !== undefined) items.delete(found.key);
  };
  const written = (key: Item, after: Item | undefined): void => {
    if (attribute === undefined) return;
    const text = JSON.stringify(key);
    forget(text);
    const expiresAt = after && timeIn(after, attribute);
    if (expiresAt === undefined || expiresAt < clock.now() - TOO_OLD) return;
    timers.set(text, { key, timer: clock.at(expiresAt + DELETED_AFTER, () => expire(text)) });
    for (const [oldest] of timers) {
      if (timers.size <= retain * ITEMS_FOR_EACH_RETAINED) break;
      expire(oldest);
    }
  };

  return {
    follow(next) {
      for (const text of [...timers.keys()]) forget(text);
      attribute = next;
      for (const { item } of [...items.entries.from(() => false)]) written(keyOf(item, items.schema), item);
    },
    written,
    close() {
      for (const text of [...timers.keys()]) forget(text);
    },
  };
}
