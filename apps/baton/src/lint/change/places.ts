import type { Document } from '../document.ts';
import { endOf, type Node } from '../json-tree.ts';
import type { Span } from '../read/source-value.ts';

/** Where the parts of a definition stand in the file that holds it. */
export class Places {
  readonly text: string;
  readonly #document: Document;

  constructor(document: Document) {
    this.#document = document;
    this.text = document.written.text;
  }

  keySpan(key: Node): Span {
    const { toFile } = this.#document.written;
    return { start: toFile(key.offset), end: toFile(endOf(key)) };
  }

  /** A block of YAML ends with its last value: what follows are comments of what comes next. */
  span(node: Node): Span {
    const { toFile } = this.#document.written;
    const start = toFile(node.offset);
    const last = this.isBlock(node) ? node.children?.at(-1) : undefined;
    // A number that stands for a placeholder is shorter than the placeholder.
    if (!last) return { start, end: toFile(Math.max(endOf(node), node.offset + this.#document.source(node).length)) };
    return { start, end: this.span(last.type === 'property' ? (last.children?.[1] ?? last) : last).end };
  }

  /** Whether it is a map or a list of YAML without braces. */
  isBlock(node: Node): boolean {
    const { toFile, syntax } = this.#document.written;
    const first = this.text[toFile(node.offset)] ?? '';
    return syntax === 'yaml' && /object|array/.test(node.type) && !/[[{]/.test(first);
  }

  /** Whether the map stands in braces in YAML. */
  isFlow(node: Node): boolean {
    const { toFile, syntax } = this.#document.written;
    return syntax === 'yaml' && this.text[toFile(node.offset)] === '{';
  }

  /** Whether the definition is JSON inside of a quoted text. */
  get escaped(): boolean {
    const { syntax, toFile } = this.#document.written;
    const quote = this.#document.text.indexOf('"');
    return syntax === 'json' && quote >= 0 && this.text[toFile(quote)] === '\\';
  }

  lineStart(offset: number): number {
    return this.text.lastIndexOf('\n', offset - 1) + 1;
  }

  lineEnd(offset: number): number {
    const end = this.text.indexOf('\n', offset);
    return end === -1 ? this.text.length : end;
  }

  /** Whether nothing but blanks stands before it on its line. */
  ownLine(offset: number): boolean {
    return this.text.slice(this.lineStart(offset), offset).trim() === '';
  }

  indentAt(offset: number): string {
    return /^[^\S\n]*/.exec(this.text.slice(this.lineStart(offset), this.lineEnd(offset)))?.[0] ?? '';
  }

  /** A comment directly above belongs to what stands below it. */
  aboveComments(line: number): number {
    const above = this.lineStart(Math.max(0, line - 1));
    const isComment = line > 0 && /^\s*(?:#|\/\/)/.test(this.text.slice(above, line));
    return isComment ? this.aboveComments(above) : line;
  }
}
