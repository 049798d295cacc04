/** A variable or output of a module, as its README lists it. */
export interface Block {
  readonly name: string;
  readonly description: string;
  /** The type as written, in one line; outputs have none. */
  readonly type?: string;
  /** The default as written, in one line; absent when the variable is required. */
  readonly fallback?: string;
}

/**
 * Reads the `variable` or `output` blocks of a file that `terraform fmt` has laid out: a block ends with a brace in the first column, and an
 * argument's value goes on for as long as its brackets are open.
 */
export function readBlocks(kind: 'variable' | 'output', source: string): Block[] {
  const blocks = [...source.matchAll(new RegExp(`^${kind} "([^"]+)" \\{\\n([\\s\\S]*?)^\\}`, 'gm'))];
  return blocks.map(([, name = '', body = '']) => {
    const description = argument(body, 'description');
    if (description === undefined) throw new Error(`${kind} "${name}" has no description`);
    const type = argument(body, 'type');
    const fallback = argument(body, 'default');
    return {
      name,
      description: unescape(JSON.parse(description) as string),
      ...(type !== undefined && { type: oneLine(type) }),
      ...(fallback !== undefined && { fallback: oneLine(fallback) }),
    };
  });
}

function argument(body: string, name: string): string | undefined {
  const start = new RegExp(`^  ${name} += (.*(?:\\n(?!  [a-z}]).*)*(?:\\n  [)}\\]]+.*)?)`, 'm').exec(body);
  return start?.[1]?.trim();
}

const unescape = (text: string) => text.replaceAll('$${', '${');

/** Lines of a list or an object need no comma between them; on one line they do. */
const oneLine = (text: string) =>
  text
    .replace(/([({[])\s*\n\s*/g, '$1')
    .replace(/,?\s*\n\s*([)}\]])/g, '$1')
    .replace(/,?\s*\n\s*/g, ', ')
    .replace(/\s+=\s+/g, ' = ');
