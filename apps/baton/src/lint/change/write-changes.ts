/** Writes changes of a definition into the file that holds it, in the file's own syntax: what does not change keeps its form and its comments. */
import type { Document } from '../document.ts';
import { membersOf, type Member, type Node } from '../json-tree.ts';
import type { Change, TextEdit } from './change.ts';
import { Places } from './places.ts';
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
  readonly #places: Places;

  constructor(document: Document) {
    this.#document = document;
    this.#places = new Places(document);
    this.#text = this.#places.text;
  }

  write(change: Change): readonly TextEdit[] | undefined {
    switch (change.kind) {
      case 'insert':
        return this.#insert(change);
      case 'replace':
        return [this.#replace(change)];
      case 'rename': {
        const { start, end } = this.#places.keySpan(change.key);
        return [{ start, end, text: renderKey(change.name, this.#styleAt(start, undefined)) }];
      }
      case 'remove':
        return this.#remove(change);
      case 'swap': {
        const [one, other] = [this.#places.span(change.one), this.#places.span(change.other)];
        const textOf = ({ start, end }: { start: number; end: number }): string => this.#text.slice(start, end);
        return [
          { ...one, text: textOf(other) },
          { ...other, text: textOf(one) },
        ];
      }
    }
  }

  /** A block of YAML that stands on lines of its own is replaced by one. */
  #replace({ node, value }: Extract<Change, { kind: 'replace' }>): TextEdit {
    const { start, end } = this.#places.span(node);
    const style = this.#styleAt(start, node.parent?.parent);
    if (!this.#places.isBlock(node)) {
      const text = renderValue(value, style);
      const blanks = text.startsWith('\n') ? (/[^\S\n]*$/.exec(this.#text.slice(0, start))?.[0].length ?? 0) : 0;
      return { start: start - blanks, end, text };
    }
    const outer = { ...style, indent: style.indent.slice(2) };
    return { start, end, text: renderValue(value, outer).trimStart() };
  }

  #insert({ into, name, value }: Extract<Change, { kind: 'insert' }>): readonly TextEdit[] | undefined {
    const before = this.#referenceIn(into);
    if (!before) return undefined;
    const { start } = this.#places.keySpan(before.key);
    const style = this.#styleAt(start, into);
    if (!this.#places.ownLine(start)) {
      if (/-\s+$/.test(this.#text.slice(0, start)) && style.syntax === 'yaml' && !style.flow) return undefined;
      return [{ start, end: start, text: `${renderMember(name, value, style)}, ` }];
    }
    const line = this.#places.aboveComments(this.#places.lineStart(start));
    const comma = style.syntax === 'json' || style.flow ? ',' : '';
    const width = /^\s*(\S+\s*) = /.exec(this.#text.slice(this.#places.lineStart(start)))?.[1]?.length ?? 0;
    return [{ start: line, end: line, text: `${style.indent}${renderMember(name, value, style, width)}${comma}\n` }];
  }

  /** New members stand before those that say where the workflow goes, or else before the last one. */
  #referenceIn(into: Node): Member | undefined {
    const { start, end } = this.#places.span(into);
    const own = membersOf(into).filter(({ key }) => {
      const at = this.#places.keySpan(key).start;
      return at >= start && at < end;
    });
    const last = (name: string): Member | undefined => own.find((each) => each.name === name);
    return LAST_MEMBERS.map(last).find((each) => each !== undefined) ?? own.at(-1);
  }

  #remove({ from, name }: Extract<Change, { kind: 'remove' }>): readonly TextEdit[] | undefined {
    const found = membersOf(from).findLast((each) => each.name === name);
    if (!found) return undefined;
    const { start } = this.#places.keySpan(found.key);
    const { end } = this.#places.span(found.value);
    const style = this.#styleAt(start, from);
    const commas = style.syntax !== 'yaml' || style.flow;
    const after = commas ? /^\s*,[^\S\n]*/.exec(this.#text.slice(end))?.[0].length : undefined;
    const before =
      commas && after === undefined && style.syntax === 'json'
        ? (/,\s*$/.exec(this.#text.slice(0, start))?.[0].length ?? 0)
        : 0;
    if (!this.#places.ownLine(start)) return [{ start: start - before, end: end + (after ?? 0), text: '' }];
    if (before > 0) return [{ start: start - before, end, text: '' }];
    const rest = /^[^\n]*\n?/.exec(this.#text.slice(end + (after ?? 0)))?.[0] ?? '';
    const alone = /^\s*(?:#.*|\/\/.*)?\n?$/.test(rest);
    return [
      {
        start: alone ? this.#places.lineStart(start) : start,
        end: end + (after ?? 0) + (alone ? rest.length : 0),
        text: '',
      },
    ];
  }

  #styleAt(start: number, around: Node | undefined): Style {
    return {
      syntax: this.#document.written.syntax,
      indent: this.#places.indentAt(start),
      escaped: this.#places.escaped,
      flow: around !== undefined && this.#places.isFlow(around),
    };
  }
}

const LAST_MEMBERS = ['Retry', 'Catch', 'Next', 'End'];
