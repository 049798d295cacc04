/**
 * An esbuild plugin: a file imports a name from the file that defines it, and not from the index file through which it is exported, of
 * `@aws-sdk/core/*`, `@smithy/core/*` or `@baton/token-lib`.
 *
 * esbuild splits by whole files, and follows every import of a file that is used. So whoever imports one name through such an index
 * would load, at its start, all that any other module of the bundle needs from behind it: a function that starts with DynamoDB the
 * XML of SNS and the REST protocol of Lambda (25 KB), and what other handlers than its own do.
 *
 * An import or export that is written in another way than these are stays as it is: the start is then larger, not wrong.
 */
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Plugin } from 'esbuild';

const FILES = /node_modules\/@(aws-sdk|smithy)\/.*\/dist-es\/.*\.js$|\/(apps|libs|examples)\/[^/]+\/src\/.*\.ts$/;
const INDEX = /^(@(aws-sdk|smithy)\/core\/[\w-]+|@baton\/token-lib)$/;
const NAMED_IMPORT = /^import \{([^}]*)\} from ["']([^"']+)["'];$/gm;
const NAMED_EXPORT = /^export \{([^}]*)\}(?: from ["']([^"']+)["'])?;$/gm;
const STAR_EXPORT = /^export \* from ["']([^"']+)["'];$/gm;
const DEFINITION = /^export (?:async )?(?:class|const|function|let) (\w+)/gm;

/** `name` is exported by the module `from`. */
interface Source {
  readonly name: string;
  readonly from: string;
}

interface Exports {
  readonly defined: ReadonlySet<string>;
  /** Names that are imported from elsewhere and exported again. */
  readonly passedOn: ReadonlyMap<string, Source>;
  /** Modules of which everything is exported again. */
  readonly stars: readonly string[];
}

export const bypassBarrels: Plugin = {
  name: 'bypass-barrels',
  setup(build) {
    const known = new Map<string, Promise<Exports>>();
    const exportsOf = (path: string): Promise<Exports> => {
      const exports = known.get(path) ?? readFile(path, 'utf8').then(exportsIn);
      known.set(path, exports);
      return exports;
    };
    const resolved = async (from: string, importer: string): Promise<string | undefined> => {
      const { path, external } = await build.resolve(from, { kind: 'import-statement', resolveDir: dirname(importer) });
      return external ? undefined : path;
    };

    /** Returns the file that defines the name, looked for behind `path`; undefined where it is not found. */
    async function definition(name: string, path: string): Promise<Source | undefined> {
      const { defined, passedOn, stars } = await exportsOf(path);
      if (defined.has(name)) return { name, from: path };
      const source = passedOn.get(name);
      for (const from of source ? [source.from] : stars) {
        const behind = await resolved(from, path);
        const found = behind && (await definition(source?.name ?? name, behind));
        if (found) return found;
      }
      return undefined;
    }

    async function rewritten(list: string, from: string, importer: string): Promise<string> {
      const index = await resolved(from, importer);
      const imports = namesIn(list).map(async ({ name, as }) => {
        const source = index === undefined ? undefined : await definition(name, index);
        return `import { ${source?.name ?? name} as ${as} } from ${JSON.stringify(source?.from ?? from)};`;
      });
      return (await Promise.all(imports)).join('');
    }

    build.onLoad({ filter: FILES }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const statements = new Map<string, string>();
      for (const [statement, list = '', from = ''] of text.matchAll(NAMED_IMPORT)) {
        if (INDEX.test(from)) statements.set(statement, await rewritten(list, from, path));
      }
      const contents = text.replace(NAMED_IMPORT, (statement) => statements.get(statement) ?? statement);
      return { contents, loader: path.endsWith('.ts') ? 'ts' : 'js' };
    });
  },
};

function exportsIn(text: string): Exports {
  const imported = new Map<string, Source>();
  for (const [, list = '', from = ''] of text.matchAll(NAMED_IMPORT)) {
    for (const { name, as } of namesIn(list)) imported.set(as, { name, from });
  }
  const passedOn = new Map<string, Source>();
  const defined = new Set([...text.matchAll(DEFINITION)].map(([, name = '']) => name));
  for (const [, list = '', from] of text.matchAll(NAMED_EXPORT)) {
    for (const { name, as } of namesIn(list)) {
      const source = from === undefined ? imported.get(name) : { name, from };
      if (source !== undefined) passedOn.set(as, source);
      else if (name === as) defined.add(name);
    }
  }
  return { defined, passedOn, stars: [...text.matchAll(STAR_EXPORT)].map(([, from = '']) => from) };
}

/** `a, b as c, type D,`; types are left out, for they are not there when the bundle runs. */
const namesIn = (list: string): { name: string; as: string }[] =>
  list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '' && !item.startsWith('type '))
    .map((item) => {
      const [name = '', as = name] = item.split(' as ');
      return { name, as };
    });
