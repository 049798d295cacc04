import { expect, test } from 'vitest';
import LruCache from './lru-cache.ts';

test('the cache forgets what was not asked for the longest, by capacity', () => {
  const cache = new LruCache<string, number>(2);
  cache.set('a', 1);
  cache.set('b', 2);
  expect(cache.get('a')).toBe(1);
  expect(cache.peek('b')).toBe(2);
  cache.set('c', 3);
  expect(['a', 'b', 'c'].map((key) => cache.has(key))).toEqual([true, false, true]);
  cache.clear();
  expect(cache.has('a')).toBe(false);
});
