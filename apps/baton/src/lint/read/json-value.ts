import { itemsOf, membersOf, type Node } from '../json-tree.ts';
import { originsOf } from '../position.ts';
import type { SourceValue, Span } from './source-value.ts';

/** @returns the parsed JSON of a file as a value of any syntax */
export function jsonValue(text: string, node: Node): SourceValue {
  const span = spanOf(node);
  switch (node.type) {
    case 'object':
      return {
        ...{ kind: 'map', ...span },
        entries: membersOf(node).map(({ name, key, value }) => ({
          ...{ name, key: spanOf(key), value: jsonValue(text, value) },
        })),
      };
    case 'array':
      return { kind: 'list', ...span, items: itemsOf(node).map((item) => jsonValue(text, item)) };
    case 'string': {
      const literal = text.slice(span.start, span.end);
      return {
        ...{ kind: 'text', ...span, plain: false, text: String(node.value) },
        origins: () => originsOf(literal, span.start).slice(0, -1),
      };
    }
    default:
      return { kind: 'literal', ...span, json: text.slice(span.start, span.end) };
  }
}

const spanOf = ({ offset, length }: Node): Span => ({ start: offset, end: offset + length });
