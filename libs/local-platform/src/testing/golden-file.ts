import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** The golden histories of one example, by the name of the path that was taken. */
export interface GoldenFile {
  /**
   * Returns the history that the path must have. With BATON_HISTORIES=write, `happened` becomes it.
   * @throws Error when there is none of that name
   */
  expected(path: string, happened: unknown): unknown;
}

export function openGoldenFile(file: string, write = process.env['BATON_HISTORIES'] === 'write'): GoldenFile {
  // Writing starts with an empty file, so that histories of former paths disappear.
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
