/**
 * A map that mostly has one entry: that one stands in the object itself. A Map of one entry takes 200 bytes, and a hundred
 * thousand waiting executions have two each.
 */
export class SmallMap<K, V> {
  #key: K | undefined;
  #value: V | undefined;
  #more: Map<K, V> | undefined;

  get(key: K): V | undefined {
    return key === this.#key ? this.#value : this.#more?.get(key);
  }

  set(key: K, value: V): void {
    if (this.#key === undefined || this.#key === key) {
      this.#more?.delete(key);
      this.#key = key;
      this.#value = value;
    } else {
      (this.#more ??= new Map()).set(key, value);
    }
  }

  delete(key: K): void {
    if (key === this.#key) this.#key = this.#value = undefined;
    else this.#more?.delete(key);
    if (this.#more?.size === 0) this.#more = undefined;
  }
}
