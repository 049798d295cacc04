/** As much of jsonata's syntax tree as is looked at here; its own types leave half of it out. */
interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly steps?: readonly Node[];
  readonly expressions?: readonly Node[];
  readonly expression?: Node;
  readonly arguments?: readonly Node[];
  readonly body?: Node;
  /** An object constructor keeps its names and values as pairs here. */
  readonly lhs?: Node | readonly (readonly Node[])[];
  readonly rhs?: Node;
  readonly condition?: Node;
  readonly then?: Node;
  readonly else?: Node;
}

/** What `$states` has besides input and context, depending on the field. */
export type StatesField = 'result' | 'errorOutput';

/** What an expression refers to that is not there, in AWS's words; every name once. */
export function unsupportedReferences(ast: object, available: readonly StatesField[]): readonly string[] {
  const names = [...new Set(bareNames(ast as Node))];
  return [
    ...names.map((name) => `Reference to '${name}' at the top level is not supported.`),
    ...new Set([...everyNode(ast)].flatMap((node) => missingVariable(node, available))),
  ];
}

/**
 * The names that an expression reads from nowhere: there is no input document in a state machine, so that a path must start from a
 * variable. Inside a path's later steps and predicates a bare name has something to refer to; a function's body keeps what is around it.
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
