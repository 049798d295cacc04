/**
 * An esbuild plugin: a file of the SDK imports a name from the file that defines it, and not from the index file of
 * `@aws-sdk/core/*` or `@smithy/core/*` through which it is exported.
 *
 * esbuild splits by whole files, and follows every import of a file that is used. So whoever imports one name through such an index
 * would load, at its start, all that any other module of the bundle needs from behind it: a function that starts with DynamoDB the
 * XML of SNS and the REST protocol of Lambda (25 KB), which it loads when it first calls them.
 *
 * An import or export that is written in another way than the SDK's compiler does stays as it is: the start is then larger, not wrong.
 */
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Plugin } from 'esbuild';

const SDK_FILE = /node_modules\/@(aws-sdk|smithy)\/.*\/dist-es\/.*\.js$/;
const INDEX = /^@(aws-sdk|smithy)\/core\/[\w-]+$/;
const NAMED_IMPORT = /^import \{([^}]*)\} from "([^"]+)";$/gm;
const NAMED_EXPORT = /^export \{([^}]*)\}(?: from "([^"]+)")?;$/gm;

/** `name` is exported by the module `from`. */
interface Source {
  readonly name: string;
  readonly from: string;
}

export const bypassBarrels: Plugin = {
  name: 'bypass-barrels',
  setup(build) {
    const known = new Map<string, Promise<ReadonlyMap<string, Source>>>();
    const sourcesOf = (path: string) => {
      const sources = known.get(path) ?? readFile(path, 'utf8').then(reexports);
      known.set(path, sources);
      return sources;
    };

    /** Returns the file that defines what `importer` imports. */
    async function definition({ name, from }: Source, importer: string): Promise<Source> {
      const options = { kind: 'import-statement', resolveDir: dirname(importer) } as const;
      const { path, external } = await build.resolve(from, options);
      const source = external ? undefined : (await sourcesOf(path)).get(name);
      return source === undefined ? { name, from: path } : definition(source, path);
    }

    build.onLoad({ filter: SDK_FILE }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const rewritten = new Map<string, string>();
      for (const [statement, list = '', from = ''] of text.matchAll(NAMED_IMPORT)) {
        if (!INDEX.test(from)) continue;
        const imports = namesIn(list).map(async ({ name, as }) => {
          const source = await definition({ name, from }, path);
          return `import { ${source.name} as ${as} } from ${JSON.stringify(source.from)};`;
        });
        rewritten.set(statement, (await Promise.all(imports)).join(''));
      }
      const contents = text.replace(NAMED_IMPORT, (statement) => rewritten.get(statement) ?? statement);
      return { contents, loader: 'js' };
    });
  },
};

/** Returns the names that a file exports and does not define, and where it has them from. */
function reexports(text: string): ReadonlyMap<string, Source> {
  const imported = new Map<string, Source>();
  for (const [, list = '', from = ''] of text.matchAll(NAMED_IMPORT)) {
    for (const { name, as } of namesIn(list)) imported.set(as, { name, from });
  }
  const sources = new Map<string, Source>();
  for (const [, list = '', from] of text.matchAll(NAMED_EXPORT)) {
    for (const { name, as } of namesIn(list)) {
      const source = from === undefined ? imported.get(name) : { name, from };
      if (source !== undefined) sources.set(as, source);
    }
  }
  return sources;
}

/** `a, b as c,` */
const namesIn = (list: string): { name: string; as: string }[] =>
  list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => {
      const [name = '', as = name] = item.split(' as ');
      return { name, as };
    });
