import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** The golden histories of one example, by the name of the path that was taken. */
export interface GoldenFile {
  /**
   * The history that the path has to have. With BATON_HISTORIES=write what happened becomes it.
   * @throws when there is none of that name
   */
  expected(path: string, happened: unknown): unknown;
}

export function openGoldenFile(file: string, write = process.env['BATON_HISTORIES'] === 'write'): GoldenFile {
  // What is written starts anew: a path that no test takes any more leaves nothing behind.
  const histories = (!write && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}) as Record<
    string,
    unknown
  >;
  return {
    expected(path, happened) {
      if (write) {
        histories[path] = happened;
        const sorted = Object.fromEntries(Object.entries(histories).toSorted(([a], [b]) => (a < b ? -1 : 1)));
        writeFileSync(file, `${JSON.stringify(sorted, null, 2)}\n`);
      }
      if (!(path in histories)) throw new Error(`${file} has no history "${path}": "npm run histories" writes it`);
      return histories[path];
    },
  };
}
