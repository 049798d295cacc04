import { isJsonObject } from '../json-object.ts';

const VARIABLE = /\$\{\s*([^},*?$]+?)\s*(?:,[^}]*)?\}/g;

/** The condition keys that policies ask for, in lines of conditions and in variables, as they spell them first. */
export function contextKeysOf(texts: readonly string[]): string[] {
  const keys = new Map<string, string>();
  const add = (key: string): void => void (keys.has(key.toLowerCase()) || keys.set(key.toLowerCase(), key));
  for (const text of texts) {
    const { Statement } = JSON.parse(text) as { Statement: unknown };
    for (const { Condition, ...elements } of [Statement].flat().filter(isJsonObject)) {
      const lines = Object.values(Condition ?? {}).filter(isJsonObject);
      lines.flatMap((line) => Object.keys(line)).forEach(add);
      for (const [, key] of JSON.stringify([elements, lines]).matchAll(VARIABLE)) add(String(key));
    }
  }
  return [...keys.values()];
}
