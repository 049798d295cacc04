import { type Diagnostic, parseDefinition } from '@baton/asl';
import type { Document } from '../document.ts';
import { endOf, itemsOf, leavesOf, membersOf, type Node } from '../json-tree.ts';
import type { Report, RuleText } from '../rule.ts';

export const definitionRule: RuleText = {
  id: 'definition',
  severity: 'error',
  finds:
    'What CreateStateMachine would refuse: a missing target, an unreachable state, an unknown field or path (a warning where it only warns)',
  why: 'Step Functions refuses a definition with an error; a warning is seldom what the author meant.',
  mend: 'See the Amazon States Language specification for this field.',
};

export const unknownDefinitionRule: RuleText = {
  id: 'definition-unknown',
  severity: 'note',
  finds: 'A state machine whose definition is not in the file, or known only when it is deployed',
  why: 'It is made from something that only the deployment or another tool knows, so nothing in it can be checked here.',
  mend: 'Lint the file that the definition is made from.',
};

export function checkDefinition(document: Document): readonly Report[] {
  if (document.json === undefined) return [];
  const { diagnostics } = parseDefinition(document.json, document.type ? { type: document.type } : {});
  const knownFlow = !templatedFlow(document);
  return diagnostics.flatMap((diagnostic): readonly Report[] => {
    const at = namedIn(nodeAt(document.root, diagnostic.location), diagnostic.message);
    const leaf = at.type !== 'object' && at.type !== 'array';
    if (leaf && document.isTemplated(at)) return [];
    if (!knownFlow && FLOW_CODES.includes(diagnostic.code)) return [];
    return [{ at, message: sentence(diagnostic), severity: diagnostic.severity === 'ERROR' ? 'error' : 'warning' }];
  });
}

const FLOW_CODES = ['MISSING_TRANSITION_TARGET', 'MISSING_END_STATE'];
const FLOW_MEMBERS = /^(?:StartAt|States|Next|Default|End|Type|Choices|Catch|Branches|ItemProcessor|Iterator)$/;

/** A placeholder decides where the workflow goes: what is reachable is unknown. */
function templatedFlow(document: Document): boolean {
  const templated = (node: Node, name: string, holdsStates: boolean): boolean => {
    if (node.type === 'object') {
      return membersOf(node).some(({ name: inner, value }) =>
        templated(value, inner, name === 'States' && !holdsStates),
      );
    }
    if (node.type === 'array') return itemsOf(node).some((item) => templated(item, name, false));
    return (holdsStates || FLOW_MEMBERS.test(name)) && document.isTemplated(node);
  };
  return document.isTemplated(document.root) && templated(document.root, '', false);
}

function sentence({ message, code }: Diagnostic): string {
  return code === 'SCHEMA_VALIDATION_FAILED' ? message : `${message} (${code})`;
}

/** A diagnostic about a member has the location of the object around it, or of the whole template. */
function namedIn(node: Node, message: string): Node {
  const names = new Set(Array.from(message.matchAll(/'([^']+)'/g), ([, name]) => name));
  const own = membersOf(node).find(({ name }) => names.has(name))?.value;
  return own ?? leavesOf(node).find(({ name }) => name.endsWith('.$') && names.has(name))?.node ?? node;
}

/**
 * Returns the value at a diagnostic's location, e.g. `/States/Wait/Catch[0]/Next`, or the nearest value around it. Names are not escaped, and may
 * contain slashes and brackets: the longest member that fits is taken.
 */
function nodeAt(root: Node, location: string): Node {
  let [node, rest] = [root, location];
  while (rest !== '') {
    const step = stepInto(node, rest);
    if (!step) break;
    [node, rest] = step;
  }
  return node;
}

function stepInto(node: Node, rest: string): [Node, string] | undefined {
  const [bracket = '', index] = /^\[(\d+)\]/.exec(rest) ?? [];
  const item = index === undefined ? undefined : itemsOf(node)[Number(index)];
  if (item) return [item, rest.slice(bracket.length)];
  const fitting = membersOf(node)
    .filter(({ name }) => rest.startsWith(`/${name}`) && /^(?:[/[]|$)/.test(rest.slice(name.length + 1)))
    .sort((one, other) => other.name.length - one.name.length)[0];
  return fitting && [fitting.value, rest.slice(fitting.name.length + 1)];
}

/** Whether one value is inside the other. */
export const contains = (outer: Node, inner: Node): boolean =>
  outer.offset <= inner.offset && endOf(inner) <= endOf(outer);
