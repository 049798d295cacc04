import type { Document } from '../document.ts';
import type { Member, Node } from '../json-tree.ts';
import { Copied } from './change.ts';
import { Places } from './places.ts';

/** @returns the value as the file has it */
export function copyValue(document: Document, node: Node): Copied {
  const places = new Places(document);
  const { start, end } = places.span(node);
  const raw = places.text.slice(start, end);
  // A function of CloudFormation may be a block, though it stands for a text.
  const isBlock = document.written.syntax === 'yaml' && (places.isBlock(node) || places.ownLine(start));
  const indent = isBlock ? places.text.slice(places.lineStart(start), start) : places.indentAt(start);
  return new Copied(isBlock ? 'block' : 'value', [dedented(raw, indent.replaceAll(/\S/g, ' '))]);
}

/** @returns members as the file has them, with the comments above and beside them */
export function copyMembers(document: Document, members: readonly Member[]): Copied {
  const places = new Places(document);
  const parts = members.map(({ key, value }) => {
    const start = places.keySpan(key).start;
    const { end } = places.span(value);
    if (!places.ownLine(start)) return dedented(places.text.slice(start, end), places.indentAt(start));
    const indent = places.indentAt(start);
    const top = places.aboveComments(places.lineStart(start));
    const rest = places.text.slice(end, places.lineEnd(end));
    const beside = document.written.syntax !== 'json' && /^\s*#/.test(rest) ? rest : '';
    return dedented(places.text.slice(top, end) + beside, indent).trimStart();
  });
  return new Copied('members', parts);
}

const dedented = (text: string, indent: string): string => text.replaceAll(`\n${indent}`, '\n');
