import { endOf, JsonProblem, type Node, parseJson } from './json-tree.ts';
import { findPlaceholders, maskPlaceholders, type Range } from './placeholders.ts';
import { type Locate, locateIn } from './position.ts';

/** One definition, read with its places. Rules look at it and never change it. */
export interface Document {
  /** As the user will read it: relative to the user's own folder. */
  readonly file: string;
  /** The address of the resource in a plan. */
  readonly machine: string | undefined;
  readonly type: MachineType | undefined;
  /** The machine's log shows the parameters of tasks (known from a plan only). */
  readonly logsParameters: boolean;
  readonly root: Node;
  /** JSON, at the same offsets as the file's text. */
  readonly json: string;
  readonly locate: Locate;
  readonly source: (node: Node) => string;
  /** A placeholder stands in the node or is the node. */
  readonly isTemplated: (node: Node) => boolean;
  readonly placeholders: readonly Range[];
}

export type MachineType = 'STANDARD' | 'EXPRESS';

export interface Origin {
  readonly file: string;
  readonly text: string;
  readonly machine?: string;
  readonly type?: MachineType | undefined;
  readonly logsParameters?: boolean;
  /** Where the text's offsets are in the file, if it is not the file itself. */
  readonly locate?: Locate;
}

/** @throws {JsonProblem} when the text, with its placeholders filled in, is not JSON */
export function readDocument(origin: Origin): Document {
  const { file, machine, type, logsParameters = false } = origin;
  const text = origin.text.replace(/^\uFEFF/, ' ');
  const { root, json } = parseTemplate(text);
  const placeholders = findPlaceholders(text);
  const within = (node: Node): Range | undefined =>
    placeholders.find(({ start, end }) => start < endOf(node) && end > node.offset);
  return {
    ...{ file, machine, type, logsParameters, root, json, placeholders },
    locate: origin.locate ?? locateIn(text),
    source(node) {
      // A number that stands for a placeholder is shorter than the placeholder.
      const end = node.type === 'number' ? within(node)?.end : undefined;
      return text.slice(node.offset, Math.max(endOf(node), end ?? 0));
    },
    isTemplated: (node) => within(node) !== undefined,
  };
}

function parseTemplate(text: string): { root: Node; json: string } {
  try {
    return { root: parseJson(text), json: text };
  } catch (problem) {
    const json = maskPlaceholders(text);
    if (json === text || !(problem instanceof JsonProblem)) throw problem;
    return { root: parseJson(json), json };
  }
}
