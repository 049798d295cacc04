/** What docs/security.md promises, and which tests it names for it. */

export interface NamedTest {
  /** As the page links it. */
  readonly path: string;
  readonly name: string;
}

export interface Promised {
  readonly section: string;
  readonly promise: string;
  readonly tests: readonly NamedTest[];
}

const ROW = /^\| (?!promise \||-)(.+?) \| (.+) \|$/;
const LINK = /\[([^\]]+)\]\(([^)]+)\)/g;

export const sectionsOf = (page: string): string[] => [...page.matchAll(/^## (.+)$/gm)].map(([, title = '']) => title);

/** Returns the rows of the tables of promises, in the order of the page. */
export function promisesOf(page: string): Promised[] {
  return page.split(/^## /m).flatMap((text) => {
    const [section = '', ...lines] = text.split('\n');
    const table = lines.slice(lines.indexOf('| promise | test |') + 1);
    if (table.length > lines.length - 1) return [];
    return table.flatMap((line) => {
      const [, promise, tests] = ROW.exec(line) ?? [];
      return promise === undefined || tests === undefined ? [] : [{ section, promise, tests: namedIn(tests) }];
    });
  });
}

const namedIn = (cell: string): NamedTest[] =>
  [...cell.matchAll(LINK)].map(([, name = '', path = '']) => ({ name, path }));

/** Whether a source declares a test of that name, as it is written there (%s and all), and does not always skip it. */
export function declares(source: string, path: string, name: string): boolean {
  if (path.endsWith('.hcl')) return source.includes(`\nrun "${name}" {`);
  return [...`'"\``].some((quote) => {
    const title = `${quote}${name.replaceAll(quote, `\\${quote}`)}${quote},`;
    const before = source.slice(0, Math.max(0, source.indexOf(title))).trimEnd();
    // The title is the first argument, of the last call that begins a line.
    const call = [...before.matchAll(/^ *(?:describe|it|test)[.(].*/gm)].at(-1)?.[0] ?? '';
    return before.endsWith('(') && /^ *(it|test)(?!\.(skip|todo)\b)/.test(call);
  });
}
