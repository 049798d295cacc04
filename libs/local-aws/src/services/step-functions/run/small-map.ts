/**
 * A map for one entry or two, which are kept in the object itself; more go into a Map. A Map takes 200 bytes, and each of a hundred
 * thousand waiting executions has two.
 */
export class SmallMap<K, V> {
  #key: K | undefined;
  #value: V | undefined;
  #otherKey: K | undefined;
  #otherValue: V | undefined;
  #more: Map<K, V> | undefined;

  get(key: K): V | undefined {
    if (key === this.#key) return this.#value;
    return key === this.#otherKey ? this.#otherValue : this.#more?.get(key);
  }

  set(key: K, value: V): void {
    this.delete(key);
    if (this.#key === undefined) {
      this.#key = key;
      this.#value = value;
    } else if (this.#otherKey === undefined) {
      this.#otherKey = key;
      this.#otherValue = value;
    } else {
      (this.#more ??= new Map()).set(key, value);
    }
  }

  delete(key: K): void {
    if (key === this.#key) this.#key = this.#value = undefined;
    else if (key === this.#otherKey) this.#otherKey = this.#otherValue = undefined;
    else this.#more?.delete(key);
    if (this.#more?.size === 0) this.#more = undefined;
  }
}
