/** Writes changes of a definition into the file that holds it, in the file's own syntax: what does not change keeps its form and its comments. */
import type { Document } from '../document.ts';
import { endOf, member, membersOf, type Member, type Node } from '../json-tree.ts';
import type { Change, TextEdit } from './change.ts';
import { renderKey, renderMember, renderValue, type Style } from './render-value.ts';

/** @returns the edits of the file; undefined when one of the changes has no place there */
export function writeChanges(document: Document, changes: readonly Change[]): readonly TextEdit[] | undefined {
  if (document.written.generatedBy !== undefined) return undefined;
  const writer = new ChangeWriter(document);
  const edits = changes.map((change) => writer.write(change));
  return edits.every((each) => each !== undefined) ? edits.flat() : undefined;
}

class ChangeWriter {
  readonly #document: Document;
  readonly #text: string;

  constructor(document: Document) {
    this.#document = document;
    this.#text = document.written.text;
  }

  write(change: Change): readonly TextEdit[] | undefined {
    switch (change.kind) {
      case 'insert':
        return this.#insert(change);
      case 'replace': {
        const { start, end } = this.#span(change.node);
        return [
          {
            start,
            end,
            text: this.#fitted(renderValue(change.value, this.#styleAt(start, change.node.parent?.parent)), start),
          },
        ];
      }
      case 'rename': {
        const { start, end } = this.#keySpan(change.key);
        return [{ start, end, text: renderKey(change.name, this.#styleAt(start, undefined)) }];
      }
      case 'remove':
        return this.#remove(change);
      case 'swap': {
        const [one, other] = [this.#span(change.one), this.#span(change.other)];
        const textOf = ({ start, end }: { start: number; end: number }): string => this.#text.slice(start, end);
        return [
          { ...one, text: textOf(other) },
          { ...other, text: textOf(one) },
        ];
      }
    }
  }

  /** A block of YAML begins on the line after its key: there is a blank between the key and what stands there now. */
  #fitted(rendered: string, start: number): string {
    if (!rendered.startsWith('\n')) return rendered;
    return this.#ownLine(start) ? rendered.trimStart() : rendered;
  }

  #insert({ into, name, value }: Extract<Change, { kind: 'insert' }>): readonly TextEdit[] | undefined {
    const before = this.#referenceIn(into);
    if (!before) return undefined;
    const { start } = this.#keySpan(before.key);
    const style = this.#styleAt(start, into);
    if (!this.#ownLine(start)) {
      if (/-\s+$/.test(this.#text.slice(0, start)) && style.syntax === 'yaml' && !style.flow) return undefined;
      return [{ start, end: start, text: `${renderMember(name, value, style)}, ` }];
    }
    const line = this.#aboveComments(this.#lineStart(start));
    const comma = style.syntax === 'json' || style.flow ? ',' : '';
    const width = /^\s*(\S+\s*) = /.exec(this.#text.slice(this.#lineStart(start)))?.[1]?.length ?? 0;
    return [{ start: line, end: line, text: `${style.indent}${renderMember(name, value, style, width)}${comma}\n` }];
  }

  /** New members stand before those that say where the workflow goes, or else before the last one. */
  #referenceIn(into: Node): Member | undefined {
    const { start, end } = this.#span(into);
    const own = membersOf(into).filter(({ key }) => {
      const at = this.#keySpan(key).start;
      return at >= start && at < end;
    });
    const last = (name: string): Member | undefined => own.find((each) => each.name === name);
    return LAST_MEMBERS.map(last).find((each) => each !== undefined) ?? own.at(-1);
  }

  #remove({ from, name }: Extract<Change, { kind: 'remove' }>): readonly TextEdit[] | undefined {
    const found = membersOf(from).findLast((each) => each.name === name);
    if (!found) return undefined;
    const { start } = this.#keySpan(found.key);
    const { end } = this.#span(found.value);
    const style = this.#styleAt(start, from);
    const commas = style.syntax !== 'yaml' || style.flow;
    const after = commas ? /^\s*,[^\S\n]*/.exec(this.#text.slice(end))?.[0].length : undefined;
    const before =
      commas && after === undefined && style.syntax === 'json'
        ? (/,\s*$/.exec(this.#text.slice(0, start))?.[0].length ?? 0)
        : 0;
    if (!this.#ownLine(start)) return [{ start: start - before, end: end + (after ?? 0), text: '' }];
    if (before > 0) return [{ start: start - before, end, text: '' }];
    const rest = /^[^\n]*\n?/.exec(this.#text.slice(end + (after ?? 0)))?.[0] ?? '';
    const alone = /^\s*(?:#.*|\/\/.*)?\n?$/.test(rest);
    return [
      { start: alone ? this.#lineStart(start) : start, end: end + (after ?? 0) + (alone ? rest.length : 0), text: '' },
    ];
  }

  #styleAt(start: number, around: Node | undefined): Style {
    const { syntax, toFile } = this.#document.written;
    const quote = this.#document.text.indexOf('"');
    return {
      syntax,
      indent: /^[^\S\n]*/.exec(this.#text.slice(this.#lineStart(start)))?.[0] ?? '',
      escaped: syntax === 'json' && quote >= 0 && this.#text[toFile(quote)] === '\\',
      flow: syntax === 'yaml' && around !== undefined && this.#text[toFile(around.offset)] === '{',
    };
  }

  #keySpan(key: Node): { readonly start: number; readonly end: number } {
    const { toFile } = this.#document.written;
    return { start: toFile(key.offset), end: toFile(endOf(key)) };
  }

  /** A block of YAML ends with its last value: what follows are comments of what comes next. */
  #span(node: Node): { readonly start: number; readonly end: number } {
    const { toFile, syntax } = this.#document.written;
    const start = toFile(node.offset);
    const isBlock = syntax === 'yaml' && /object|array/.test(node.type) && !/[[{]/.test(this.#text[start] ?? '');
    const last = isBlock ? node.children?.at(-1) : undefined;
    if (!last) return { start, end: toFile(endOf(node)) };
    return { start, end: this.#span(last.type === 'property' ? (last.children?.[1] ?? last) : last).end };
  }

  readonly #lineStart = (offset: number): number => this.#text.lastIndexOf('\n', offset - 1) + 1;

  readonly #ownLine = (offset: number): boolean => this.#text.slice(this.#lineStart(offset), offset).trim() === '';

  /** A comment directly above belongs to what stands below it. */
  #aboveComments(line: number): number {
    const above = this.#lineStart(Math.max(0, line - 1));
    const isComment = line > 0 && /^\s*(?:#|\/\/)/.test(this.#text.slice(above, line));
    return isComment ? this.#aboveComments(above) : line;
  }
}

const LAST_MEMBERS = ['Retry', 'Catch', 'Next', 'End'];

/** @returns the key of the member, for a change of its name */
export const keyOf = (object: Node, name: string): Node | undefined =>
  member(object, name) && membersOf(object).findLast((each) => each.name === name)?.key;
