import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** As esbuild writes them: `import{a}from"./b.mjs"`, `import"./b.mjs"`, and not `import("./b.mjs")`. */
const STATIC_IMPORT = /(?:from|import)\s*"(\.\/[^"]+)"/g;

/** Returns the paths of a built module and of all that are loaded with it; those that it loads later are not among them. */
export function modulesAtStart(module: string, loaded = new Set<string>()): ReadonlySet<string> {
  if (loaded.has(module)) return loaded;
  loaded.add(module);
  for (const [, path = ''] of readFileSync(module, 'utf8').matchAll(STATIC_IMPORT)) {
    modulesAtStart(join(dirname(module), path), loaded);
  }
  return loaded;
}
