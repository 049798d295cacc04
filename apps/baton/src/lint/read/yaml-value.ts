/** Reads YAML 1.2 with anchors, aliases, merge keys and tags of any name, each part with its place in the file. */
import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document, type Node, type Pair, type Scalar } from 'yaml';
import { SyntaxProblem } from '../json-tree.ts';
import { alignText } from './align-text.ts';
import type { SourceEntry, SourceValue, Span } from './source-value.ts';

const yamlProblem = (message: string, offset: number): SyntaxProblem => new SyntaxProblem(message, offset, 'YAML');

/** Deeper than any definition, and shallow enough to recurse safely. */
const MAX_DEPTH = 200;

/**
 * Returns the first document of the text.
 * @throws {SyntaxProblem} when the text is not YAML, nests deeper than 200 or has an alias inside of what it stands for
 */
export function parseYaml(text: string): SourceValue {
  const document = parse(text);
  const [error] = document.errors;
  if (error) throw yamlProblem(firstSentence(error.message), error.pos[0]);
  return new YamlReader(text, document).read(document.contents, 0, { start: 0, end: text.length });
}

function parse(text: string): Document.Parsed {
  try {
    const options = { merge: true, uniqueKeys: false, prettyErrors: false, logLevel: 'error', strict: false } as const;
    const document = parseDocument(text, options);
    return document;
  } catch (error) {
    // The parser recurses over what it is given, and reports some states of its own as plain errors.
    const message = error instanceof RangeError ? 'nested too deeply' : firstSentence(String(error));
    throw yamlProblem(message, 0);
  }
}

const firstSentence = (message: string): string => message.split('\n', 1)[0] ?? message;

class YamlReader {
  readonly #text: string;
  readonly #document: Document.Parsed;
  /** What aliases stand for is read once. */
  readonly #read = new Map<Node, SourceValue>();
  readonly #open = new Set<Node>();

  constructor(text: string, document: Document.Parsed) {
    this.#text = text;
    this.#document = document;
  }

  read(node: unknown, depth: number, around: Span): SourceValue {
    if (!isNode(node)) return { kind: 'literal', json: 'null', start: around.end, end: around.end };
    const known = this.#read.get(node);
    if (known) return known;
    const span = spanOf(node, around);
    if (depth > MAX_DEPTH) throw yamlProblem(`nested deeper than ${MAX_DEPTH}`, span.start);
    if (this.#open.has(node)) throw yamlProblem('an alias stands inside of what it stands for', span.start);
    this.#open.add(node);
    const value = { ...this.#value(node, depth, span), start: this.#startWithTag(node, span.start) };
    this.#open.delete(node);
    this.#read.set(node, value);
    return value;
  }

  #value(node: Node, depth: number, span: Span): SourceValue {
    if (isAlias(node)) return this.#aliased(node.resolve(this.#document), node.source, depth, span);
    const tag = node.tag?.startsWith('!') ? node.tag : undefined;
    if (isMap(node)) {
      const entries = node.items.flatMap((pair) => this.#entries(pair, depth, span));
      return { kind: 'map', ...span, tag, entries: withoutOverridden(entries) };
    }
    if (isSeq(node)) {
      return { kind: 'list', ...span, tag, items: node.items.map((item) => this.read(item, depth + 1, span)) };
    }
    return isScalar(node) ? { ...this.#scalar(node, span), tag } : { kind: 'literal', json: 'null', ...span };
  }

  /** A tag is a part of what it stands before: a function of CloudFormation. */
  #startWithTag(node: Node, start: number): number {
    if (isAlias(node) || !node.tag?.startsWith('!')) return start;
    const before = /!\S*\s+(?:&\S+\s+)?$/.exec(this.#text.slice(Math.max(0, start - 200), start))?.[0].length ?? 0;
    return start - before;
  }

  #aliased(node: unknown, name: string, depth: number, span: Span): SourceValue {
    if (!isNode(node)) throw yamlProblem(`there is no anchor &${name}`, span.start);
    return this.read(node, depth + 1, span);
  }

  /** A merge key brings the entries of one map or of several. */
  #entries({ key, value }: Pair, depth: number, around: Span): readonly MergedEntry[] {
    const keyNode = isNode(key) ? key : undefined;
    const span = keyNode ? spanOf(keyNode, around) : around;
    const name = keyNode && isScalar(keyNode) ? textOfScalar(keyNode) : '';
    const inner = this.read(value, depth + 1, { start: span.end, end: span.end });
    if (name !== '<<') return [{ name, key: span, value: inner, merged: false }];
    const sources = inner.kind === 'list' ? inner.items : [inner];
    return sources.flatMap((source) =>
      source.kind === 'map' ? source.entries.map((each) => ({ ...each, merged: true })) : [],
    );
  }

  #scalar(node: Scalar, span: Span): SourceValue {
    const { value } = node;
    if (value === null || typeof value === 'boolean') return { kind: 'literal', ...span, json: String(value) };
    if (typeof value === 'number' && Number.isFinite(value))
      return { kind: 'literal', ...span, json: JSON.stringify(value) };
    const text = textOfScalar(node);
    const style = node.type ?? 'PLAIN';
    return {
      ...{ kind: 'text', ...span, text, plain: style === 'PLAIN' },
      origins: () => alignText(text, this.#text, span, style),
    };
  }
}

interface MergedEntry extends SourceEntry {
  readonly merged: boolean;
}

/** An entry of the map itself wins over a merged one, and a merged one over those that are merged after it. */
function withoutOverridden(entries: readonly MergedEntry[]): readonly SourceEntry[] {
  if (!entries.some(({ merged }) => merged)) return entries;
  const own = new Set(entries.filter(({ merged }) => !merged).map(({ name }) => name));
  const seen = new Set<string>();
  return entries.filter(({ name, merged }) => {
    if (!merged) return true;
    if (own.has(name) || seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}

const textOfScalar = ({ value, source }: Scalar): string =>
  typeof value === 'string' ? value : (source ?? String(value));

const isNode = (node: unknown): node is Node => isMap(node) || isSeq(node) || isScalar(node) || isAlias(node);

function spanOf({ range }: Node, around: Span): Span {
  return range ? { start: range[0], end: range[1] } : { start: around.end, end: around.end };
}
