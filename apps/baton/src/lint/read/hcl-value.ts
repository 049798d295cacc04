/** Reads expressions of Terraform's language, without evaluating any. */
import type { HclNode } from './hcl-parser.ts';
import type { SourceEntry, SourceValue, Span } from './source-value.ts';

/** @returns the expression without what only wraps it */
export function unwrapped(node: HclNode): HclNode {
  const [only, other] = childrenOf(node);
  return WRAPPERS.has(node.type) && only && !other ? unwrapped(only) : node;
}

const WRAPPERS: ReadonlySet<string> = new Set(['expression', 'literal_value', 'collection_value', 'template_expr']);

export const childrenOf = (node: HclNode): readonly HclNode[] =>
  node.namedChildren.filter((child) => child.type !== 'comment');

export const spanOf = ({ startIndex, endIndex }: HclNode): Span => ({ start: startIndex, end: endIndex });

/** @returns the name and the arguments of a function call */
export function callOf(node: HclNode): { readonly name: string; readonly args: readonly HclNode[] } | undefined {
  const call = unwrapped(node);
  if (call.type !== 'function_call') return undefined;
  const [name, args] = childrenOf(call);
  return name && { name: name.text, args: args ? childrenOf(args) : [] };
}

/** @returns the value as it is written; whatever has to be evaluated is unknown */
export function hclValue(expression: HclNode): SourceValue {
  const node = unwrapped(expression);
  const span = spanOf(node);
  switch (node.type) {
    case 'object':
      return { kind: 'map', ...span, entries: childrenOf(node).filter(isElement).map(entryOf) };
    case 'tuple': {
      const items = childrenOf(node).filter(({ type }) => type === 'expression');
      return { kind: 'list', ...span, items: items.map(hclValue) };
    }
    case 'numeric_lit':
    case 'bool_lit':
    case 'null_lit':
      return { kind: 'literal', ...span, json: node.text };
    case 'string_lit':
    case 'quoted_template':
      return quotedText(node, span);
    case 'heredoc_template': {
      const { start, end } = heredocSpan(node);
      const text = node.text.slice(start - span.start, end - span.start);
      return {
        kind: 'text',
        ...span,
        plain: false,
        text,
        origins: () => Array.from(text, (_, index) => start + index),
      };
    }
    default:
      return { kind: 'unknown', ...span, source: node.text };
  }
}

const isElement = ({ type }: HclNode): boolean => type === 'object_elem';

function entryOf(element: HclNode): SourceEntry {
  const key = element.childForFieldName('key') ?? element;
  const value = element.childForFieldName('val') ?? element;
  const name = unwrapped(key);
  const written = name.type === 'variable_expr' ? undefined : hclValue(key);
  const text = written?.kind === 'text' ? written.text : name.text;
  return { name: written?.kind === 'unknown' ? `\${${name.text}}` : text, key: spanOf(key), value: hclValue(value) };
}

/** The text of a heredoc: from the line after its mark to the line of its end. */
export function heredocSpan(node: HclNode): Span {
  const { text, startIndex } = node;
  const first = text.indexOf('\n') + 1;
  const last = text.trimEnd().lastIndexOf('\n') + 1;
  return { start: startIndex + first, end: startIndex + Math.max(first, last) };
}

/** Resolves escapes; interpolations stay as they are. */
function quotedText(node: HclNode, span: Span): SourceValue {
  const raw = node.text;
  const characters: string[] = [];
  const origins: number[] = [];
  let at = 1;
  const take = (text: string, width: number): void => {
    for (let index = 0; index < text.length; index += 1)
      origins.push(span.start + at + (width === text.length ? index : 0));
    characters.push(text);
    at += width;
  };
  while (at < raw.length - 1) {
    const inner = /^[$%]\{/.test(raw.slice(at, at + 2)) && !/[$%]/.test(raw[at - 1] ?? '') ? interpolation(raw, at) : 0;
    const escape = /^\\(?:u[\da-fA-F]{4}|U[\da-fA-F]{8}|.)/s.exec(raw.slice(at, at + 10))?.[0];
    if (inner > 0) take(raw.slice(at, at + inner), inner);
    else if (escape) take(unescaped(escape), escape.length);
    else take(raw[at] ?? '', 1);
  }
  return { kind: 'text', ...span, plain: false, text: characters.join(''), origins: () => origins };
}

/** @returns the length of the interpolation that begins here */
function interpolation(raw: string, start: number): number {
  let depth = 0;
  for (let at = start + 1; at < raw.length - 1; at += 1) {
    if (raw[at] === '{') depth += 1;
    else if (raw[at] === '}' && --depth === 0) return at + 1 - start;
  }
  return 0;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function unescaped(escape: string): string {
  const code = escape[1] ?? '';
  if (code === 'u' || code === 'U') {
    const point = parseInt(escape.slice(2), 16);
    return point <= 0x10_ff_ff ? String.fromCodePoint(point) : escape;
  }
  return ESCAPES[code] ?? code;
}
