/** Returns a function that creates the value when it is first called, and returns the same one from then on. */
export function once<T>(create: () => T): () => T {
  let created: { readonly value: T } | undefined;
  return () => (created ??= { value: create() }).value;
}
