/** As much of jsonata's syntax tree as is looked at here; its own types leave half of it out. */
interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly steps?: readonly Node[];
  readonly expressions?: readonly Node[];
  readonly expression?: Node;
  readonly arguments?: readonly Node[];
  /** An object constructor keeps its names and values as pairs here. */
  readonly lhs?: Node | readonly (readonly Node[])[];
  readonly rhs?: Node;
  readonly condition?: Node;
  readonly then?: Node;
  readonly else?: Node;
}

/**
 * The first name that an expression reads from nowhere: there is no input document in a state machine, so that a path must start
 * from a variable. Inside a path's later steps, predicates and function bodies a bare name has something to refer to.
 */
export function bareReference(ast: object): string | undefined {
  const node = ast as Node;
  if (node.type === 'name') return String(node.value);
  for (const part of parts(node)) {
    const found = part && bareReference(part);
    if (found !== undefined) return found;
  }
  return undefined;
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
    case 'condition':
      return [node.condition, node.then, node.else];
    default:
      return [];
  }
}
