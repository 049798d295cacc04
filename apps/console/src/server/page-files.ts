/** The built page. Its files are read once, and nothing outside of their folder is reachable: a path is looked up, not joined. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

export interface PageFile {
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** @returns the files by their path in the address. @throws Error when the page was not built */
export function readPageFiles(folder: string): ReadonlyMap<string, PageFile> {
  if (!existsSync(join(folder, 'index.html'))) {
    throw new Error(`the console's page is not built: there is no ${join(folder, 'index.html')}; run "npm run build"`);
  }
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    names.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const type = TYPES[extname(file)] ?? 'application/octet-stream';
      return [file.slice(folder.length).replaceAll('\\', '/'), { type, body: new Uint8Array(readFileSync(file)) }];
    }),
  );
}
