/**
 * Stands in for mnemonist's LRUCache in the bundles of functions. DynamoDB's client holds the endpoints that it has discovered in one,
 * which it does only where AWS_ENABLE_ENDPOINT_DISCOVERY asks for it; its 8 KB would be loaded at every start.
 */
export default class LruCache<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  has(key: Key): boolean {
    return this.#entries.has(key);
  }

  peek(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  /** The entry is the last to be forgotten from now on. */
  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#capacity && oldest !== undefined) this.#entries.delete(oldest);
  }

  clear(): void {
    this.#entries.clear();
  }
}
