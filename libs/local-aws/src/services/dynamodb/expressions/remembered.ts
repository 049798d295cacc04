const MAX_TEXTS = 1000;

/**
 * Returns a function that keeps what it has made of a text: programs send the same few expressions again and again. What is
 * kept must not be changed. A text that is refused is read anew.
 */
export function remembered<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const result = read(text);
    if (known.size >= MAX_TEXTS) known.clear();
    known.set(text, result);
    return result;
  };
}
