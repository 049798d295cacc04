import type { JsonObject, ServiceId } from '../../kernel/service.ts';

type Tree = { [name: string]: Tree | string };

/**
 * The flat members of a query request as nested ones: `Tags.member.1.Key=a` is a list's, `Attributes.entry.1.key=a` a map's, and in
 * EC2 `InstanceId.1=a` is of the list InstanceIds. Values stay text: the protocol has no types, and the readers of its services know.
 */
export function parseForm(service: ServiceId, members: Readonly<Record<string, string>>): JsonObject {
  const tree = newTree();
  for (const [path, value] of Object.entries(members)) {
    let node = tree;
    const names = path.split('.');
    const last = names.pop() as string;
    for (const name of names) {
      const next = (node[name] ??= newTree());
      // A value and members under one name: the value is lost, as it is nonsense.
      node = typeof next === 'string' ? (node[name] = newTree()) : next;
    }
    node[last] = value;
  }
  return unfold(service, tree);
}

/** Without a prototype: a member may be called like anything, `__proto__` too. */
const newTree = (): Tree => Object.create(null) as Tree;

function unfold(service: ServiceId, tree: Tree): JsonObject {
  const members = Object.entries(tree).map(([name, node]): [string, unknown] => {
    if (service !== 'ec2') return [name, value(service, node)];
    const numbered = typeof node !== 'string' && isNumbered(node);
    return [numbered ? `${name}s` : name, value(service, node)];
  });
  return Object.fromEntries(members);
}

function value(service: ServiceId, node: Tree | string): unknown {
  if (typeof node === 'string') return node;
  const list = node['member'] ?? (isNumbered(node) ? node : undefined);
  if (typeof list === 'object') return ordered(list).map((item) => value(service, item));
  const entries = node['entry'];
  if (typeof entries === 'object') {
    return Object.fromEntries(
      ordered(entries).map((entry) => {
        const { key, Name, value: lower, Value } = entry as Tree;
        return [key ?? Name, value(service, lower ?? Value ?? '')] as [string, unknown];
      }),
    );
  }
  return unfold(service, node);
}

const isNumbered = (node: Tree): boolean => Object.keys(node).every((name) => /^\d+$/.test(name));

const ordered = (node: Tree): (Tree | string)[] =>
  Object.entries(node)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, item]) => item);
