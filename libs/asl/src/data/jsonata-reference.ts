/** The parts of jsonata's syntax tree that are read here. The library's own types are incomplete. */
interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly steps?: readonly Node[];
  readonly expressions?: readonly Node[];
  readonly expression?: Node;
  readonly arguments?: readonly Node[];
  readonly body?: Node;
  /** In an object constructor: its pairs of name and value. */
  readonly lhs?: Node | readonly (readonly Node[])[];
  readonly rhs?: Node;
  readonly condition?: Node;
  readonly then?: Node;
  readonly else?: Node;
}

/** The members of `$states` that only some fields can read. */
export type StatesField = 'result' | 'errorOutput';

/** Returns AWS's message for each reference that an expression cannot make, without repeats. */
export function unsupportedReferences(ast: object, available: readonly StatesField[]): readonly string[] {
  const names = [...new Set(bareNames(ast as Node))];
  return [
    ...names.map((name) => `Reference to '${name}' at the top level is not supported.`),
    ...new Set([...everyNode(ast)].flatMap((node) => missingVariable(node, available))),
  ];
}

/**
 * Returns the names that an expression reads at its top level. In a state machine there is no input document to read them from:
 * a path must start with a variable. In the later steps and predicates of a path a bare name is fine. The body of a function
 * counts as top level.
 */
function bareNames(node: Node): string[] {
  if (node.type === 'name') return [String(node.value)];
  return parts(node).flatMap((part) => (part ? bareNames(part) : []));
}

function parts(node: Node): readonly (Node | undefined)[] {
  switch (node.type) {
    case 'path':
      return node.steps?.slice(0, 1) ?? [];
    case 'binary':
    case 'apply':
    case 'bind':
      return [node.type === 'bind' ? undefined : (node.lhs as Node), node.rhs];
    case 'unary':
      return [
        ...(node.expressions ?? []),
        ...(Array.isArray(node.lhs) ? (node.lhs as Node[][]).flat() : []),
        node.expression,
      ];
    case 'block':
      return node.expressions ?? [];
    case 'function':
    case 'partial':
      return node.arguments ?? [];
    case 'lambda':
      return [node.body];
    case 'condition':
      return [node.condition, node.then, node.else];
    default:
      return [];
  }
}

function* everyNode(value: unknown): Generator<Node> {
  if (typeof value !== 'object' || value === null) return;
  if ('type' in value) yield value as Node;
  for (const inner of Object.values(value)) yield* everyNode(inner);
}

function missingVariable({ type, value, steps }: Node, available: readonly StatesField[]): string[] {
  if (type === 'variable' && value === '$') return [`Reference to '$$' is not supported.`];
  const [first, second] = steps ?? [];
  if (type !== 'path' || first?.type !== 'variable' || first.value !== 'states' || second?.type !== 'name') return [];
  const name = String(second.value);
  if (!['result', 'errorOutput'].includes(name) || available.includes(name as StatesField)) return [];
  return [`Field '$states.${name}' does not exist.`];
}
