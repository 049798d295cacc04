import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';

export type { Node } from 'jsonc-parser';

export type Language = 'JSON' | 'YAML' | 'HCL';

/** Thrown when the text is not of the language: what is wrong, and where. */
export class SyntaxProblem extends Error {
  readonly offset: number;
  readonly language: Language;

  constructor(message: string, offset: number, language: Language = 'JSON') {
    super(message);
    this.name = 'SyntaxProblem';
    this.offset = offset;
    this.language = language;
  }
}

/** Deeper than any definition, and shallow enough to recurse safely. */
const MAX_DEPTH = 500;

/**
 * @param excused whether an error at this offset does not count
 * @throws {SyntaxProblem} when the text is not JSON as RFC 8259 has it, or nested deeper than 500
 */
export function parseJson(text: string, excused: (offset: number) => boolean = () => false): Node {
  checkDepth(text);
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true });
  const first = errors.find(({ offset }) => !excused(offset));
  if (first) throw new SyntaxProblem(words(printParseErrorCode(first.error)), first.offset);
  if (!root) throw new SyntaxProblem('value expected', 0);
  return root;
}

function checkDepth(text: string): void {
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (quoted && character === '\\') index += 1;
    else if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    if (depth > MAX_DEPTH) throw new SyntaxProblem(`nested deeper than ${MAX_DEPTH}`, index);
  }
}

/** Turns `CommaExpected` into `comma expected`. */
const words = (code: string): string => code.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();

export interface Member {
  readonly name: string;
  readonly key: Node;
  readonly value: Node;
}

/** @returns the members of an object; none for anything else */
export function membersOf(node: Node | undefined): readonly Member[] {
  if (node?.type !== 'object') return [];
  return (node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
    key && value ? [{ name: String(key.value), key, value }] : [],
  );
}

/** @returns the member's value; of two with the same name the last, like JSON.parse */
export function member(node: Node | undefined, ...path: readonly string[]): Node | undefined {
  return path.reduce<Node | undefined>((at, name) => membersOf(at).findLast((each) => each.name === name)?.value, node);
}

export const itemsOf = (node: Node | undefined): readonly Node[] =>
  node?.type === 'array' ? (node.children ?? []) : [];

export const textOf = (node: Node | undefined): string | undefined =>
  node?.type === 'string' ? String(node.value) : undefined;

export const numberOf = (node: Node | undefined): number | undefined =>
  node?.type === 'number' ? Number(node.value) : undefined;

/** A value that contains no other, with the name of the nearest member around it. */
export interface Leaf {
  readonly name: string;
  readonly node: Node;
}

export function leavesOf(node: Node | undefined, name = ''): readonly Leaf[] {
  if (node?.type === 'object') return membersOf(node).flatMap((each) => leavesOf(each.value, each.name));
  if (node?.type === 'array') return itemsOf(node).flatMap((item) => leavesOf(item, name));
  return node ? [{ name, node }] : [];
}

export function objectsIn(node: Node | undefined): readonly Node[] {
  const inner = [...membersOf(node).map(({ value }) => value), ...itemsOf(node)].flatMap(objectsIn);
  return node?.type === 'object' ? [node, ...inner] : inner;
}

export const endOf = (node: Node): number => node.offset + node.length;
