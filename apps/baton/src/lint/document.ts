import { endOf, SyntaxProblem, type Node, parseJson } from './json-tree.ts';
import { findSequences, maskPlaceholders, type Range, type Sequence } from './placeholders.ts';
import { type Locate, locateIn } from './position.ts';
import type { Syntax } from './read/source-value.ts';

/** A definition, with the position of everything in it. Rules read it and never change it. */
export interface Document {
  /** As shown to the user: relative to the user's folder. */
  readonly file: string;
  /** The address of the resource in a plan. */
  readonly machine: string | undefined;
  readonly type: MachineType | undefined;
  /** Whether the machine logs the parameters of tasks (known from a plan only). */
  readonly logsParameters: boolean;
  readonly root: Node;
  /** The definition, with its placeholders. */
  readonly text: string;
  readonly written: Written;
  /** JSON, at the same offsets as the file's text; undefined where a template decides which members there are. */
  readonly json: string | undefined;
  readonly locate: Locate;
  readonly source: (node: Node) => string;
  /** The first of a template's loops, if there is one: what it makes is in the text once. */
  readonly loop: Range | undefined;
  /** Whether the node is or contains a placeholder. */
  readonly isTemplated: (node: Node) => boolean;
  /** Whether a template decides which members this object has: a missing one may be there after all. */
  readonly isOpen: (node: Node) => boolean;
}

export type MachineType = 'STANDARD' | 'EXPRESS';

export interface Origin {
  readonly file: string;
  readonly text: string;
  readonly machine?: string;
  readonly type?: MachineType | undefined;
  readonly logsParameters?: boolean;
  /** Maps the text's offsets to the file, if the text is not the whole file. */
  readonly locate?: Locate;
  /** How the file has the definition, if the text is not the whole file. */
  readonly written?: Written;
}

/** Where a definition is written: a change of it is a change there. */
export interface Written {
  /** The text of the whole file. */
  readonly text: string;
  readonly syntax: Syntax;
  /** @returns the offset in the file for one in the definition's text */
  readonly toFile: (offset: number) => number;
  /** What writes the file: a change of it would be lost. */
  readonly generatedBy?: string | undefined;
}

const LOOP = /^%\{~?\s*for\b/;

/** @throws {SyntaxProblem} when the text, with its placeholders filled in, is not JSON */
export function readDocument(origin: Origin): Document {
  const { file, machine, type, logsParameters = false } = origin;
  const text = origin.text.replace(/^\uFEFF/, ' ');
  const sequences = findSequences(text);
  const { root, json } = parseTemplate(text, sequences);
  const placeholders = sequences.filter(({ kind }) => kind !== 'directive');
  const unquoted = sequences.filter(({ kind }) => kind !== 'text');
  const within = (node: Node): Sequence | undefined => {
    const next = placeholders[firstAfter(placeholders, node.offset)];
    return next !== undefined && next.start < endOf(node) ? next : undefined;
  };
  return {
    ...{ file, machine, type, logsParameters, root, json, text },
    written: origin.written ?? { text: origin.text, syntax: 'json', toFile: (offset) => offset },
    locate: origin.locate ?? locateIn(text),
    source(node) {
      // A number that stands for a placeholder is shorter than the placeholder.
      const end = node.type === 'number' ? within(node)?.end : undefined;
      return text.slice(node.offset, Math.max(endOf(node), end ?? 0));
    },
    loop: sequences.find(({ kind, start, end }) => kind === 'directive' && LOOP.test(text.slice(start, end))),
    isTemplated: (node) => within(node) !== undefined,
    isOpen: (node) => holdsOne(unquoted, node),
  };
}

interface Parsed {
  readonly root: Node;
  readonly json: string | undefined;
}

function parseTemplate(text: string, sequences: readonly Sequence[]): Parsed {
  try {
    return { root: parseJson(text), json: text };
  } catch (problem) {
    if (sequences.length === 0 || !(problem instanceof SyntaxProblem)) throw problem;
  }
  const masked = maskPlaceholders(text, sequences);
  const unquoted = sequences.filter(({ kind }) => kind !== 'text');
  let known = !unquoted.some(({ kind }) => kind === 'members' || kind === 'directive');
  // A placeholder for members may bring its own commas: none is missed beside it.
  const root = parseJson(masked, (offset) => {
    known = false;
    const next = firstAfter(unquoted, offset);
    return unquoted.slice(Math.max(0, next - 1), next + 1).some((each) => standsBeside(each, text, offset));
  });
  return { root, json: known ? masked : undefined };
}

function standsBeside({ start, end }: Sequence, text: string, offset: number): boolean {
  if (offset < start) return text.slice(offset, start).trim() === '';
  return offset < end || text.slice(end, offset).trim() === '';
}

/** Whether one of these sequences is in the object itself, not in one of its members. */
function holdsOne(sequences: readonly Sequence[], node: Node): boolean {
  const isOwn = ({ start }: Sequence): boolean =>
    (node.children ?? []).every((child) => start < child.offset || start >= endOf(child));
  for (let index = firstAfter(sequences, node.offset); ; index += 1) {
    const sequence = sequences[index];
    if (sequence === undefined || sequence.start >= endOf(node)) return false;
    if (isOwn(sequence)) return true;
  }
}

/** @returns the index of the first sequence that ends after the offset */
function firstAfter(sequences: readonly Sequence[], offset: number): number {
  let [low, high] = [0, sequences.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sequences[middle]?.end ?? 0) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
