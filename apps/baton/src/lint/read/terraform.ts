/** Reads the state machines that Terraform's language declares, without evaluating it: `jsonencode`, heredocs, and files with literal paths. */
import { SyntaxProblem } from '../json-tree.ts';
import { definitionText } from './definition-text.ts';
import type { HclNode, HclParser } from './hcl-parser.ts';
import { callOf, childrenOf, hclValue, heredocSpan, spanOf, unwrapped } from './hcl-value.ts';
import { literalsOf } from './intrinsics.ts';
import { type Machine, machineTypeOf, type MachineTerms, unknownMachine } from './machine.ts';
import { TextBuilder } from './mapped-text.ts';
import { originOf, type SourceFile } from './source-file.ts';
import { entriesOf, isTrue, itemsIn, type SourceValue, type Span, textIn } from './source-value.ts';

/** A file of a module: locals of one are used in another. */
interface ModuleFile {
  readonly source: SourceFile;
  readonly root: HclNode;
}

/**
 * Returns the machines of the first file; the others are those beside it.
 * @throws {SyntaxProblem} when a file with no machine in it is not HCL
 */
export function machinesOfModule(files: readonly SourceFile[], parser: HclParser): readonly Machine[] {
  const trees = files.map(({ text }) => parser.parse(text));
  try {
    const [first, ...others] = files.flatMap((source, index): readonly ModuleFile[] => {
      const root = trees[index]?.rootNode;
      return root ? [{ source, root }] : [];
    });
    if (!first) return [];
    const module = new TerraformModule([first, ...others]);
    const machines = blocksOf(first.root).flatMap((block) => module.machinesOf(first, block));
    if (machines.length === 0 && first.root.hasError)
      throw new SyntaxProblem('unexpected text', errorIn(first.root), 'HCL');
    return machines;
  } finally {
    for (const tree of trees) tree.delete();
  }
}

interface Block {
  readonly type: string;
  readonly labels: readonly string[];
  readonly node: HclNode;
}

/** The blocks of a file, or of the body of a block. */
function blocksOf(node: HclNode): readonly Block[] {
  const body = node.type === 'body' ? node : childrenOf(node).find(({ type }) => type === 'body');
  return childrenOf(body ?? node)
    .filter(({ type }) => type === 'block')
    .map((block) => {
      const [type, ...labels] = childrenOf(block).filter((each) => /^(?:identifier|string_lit)$/.test(each.type));
      return { type: type?.text ?? '', labels: labels.map(({ text }) => text.replaceAll('"', '')), node: block };
    });
}

/** @returns the expressions of a block by name */
function attributesOf({ node }: Pick<Block, 'node'>): ReadonlyMap<string, HclNode> {
  const body = childrenOf(node).find(({ type }) => type === 'body');
  return new Map(
    (body ? childrenOf(body) : [])
      .filter(({ type }) => type === 'attribute')
      .flatMap((attribute) => {
        const [name, expression] = childrenOf(attribute);
        return name && expression ? [[name.text, expression] as const] : [];
      }),
  );
}

const errorIn = (node: HclNode): number => node.descendantsOfType('ERROR')[0]?.startIndex ?? node.startIndex;

class TerraformModule {
  readonly #files: readonly ModuleFile[];

  constructor(files: readonly ModuleFile[]) {
    this.#files = files;
  }

  machinesOf(file: ModuleFile, block: Block): readonly Machine[] {
    const machine = addressOf(block, attributesOf(block));
    if (machine === undefined) return [];
    const attributes = attributesOf(block);
    const terms: MachineTerms = {
      ...{ file: file.source.file, machine },
      type: machineTypeOf(literalText(attributes.get('type') ?? attributes.get('state_machine_type'))),
      logsParameters: logsParameters(block, attributes),
    };
    const definition = attributes.get('definition') ?? attributes.get('definition_string');
    if (!definition) return [unknownMachine(terms, spanOf(block.node), 'it has no definition')];
    return this.#machines(file, terms, definition, spanOf(definition), 0);
  }

  #machines(file: ModuleFile, terms: MachineTerms, expression: HclNode, at: Span, depth: number): readonly Machine[] {
    const node = unwrapped(expression);
    const own = { ...terms, file: file.source.file };
    if (node.hasError) return [unknownMachine(terms, at, 'its expression is not understood')];
    const call = callOf(node);
    if (call) return this.#called(file, terms, call, { node, at, depth });
    if (node.type === 'heredoc_template') return [{ kind: 'known', origin: this.#heredoc(file, own, node) }];
    const value = hclValue(node);
    if (value.kind === 'text') {
      const mapped = new TextBuilder().map(value.text, value.origins()).build(value.end);
      if (!/^\s*\$\{[^{}]*\}\s*$/.test(value.text))
        return [{ kind: 'known', origin: originOf(own, mapped, file.source, 'json') }];
    }
    const named = depth < 8 ? this.#resolve(node.text) : undefined;
    if (named?.kind === 'expression') return this.#machines(named.file, terms, named.node, at, depth + 1);
    if (named?.kind === 'template') return this.#called(file, terms, named, { node, at, depth });
    return [unknownMachine(terms, at, `${short(node.text)} is known when Terraform plans: lint the plan`)];
  }

  #heredoc({ source }: ModuleFile, terms: MachineTerms, node: HclNode): ReturnType<typeof originOf> {
    const { start, end } = heredocSpan(node);
    return originOf(terms, new TextBuilder().copy(source.text.slice(start, end), start).build(end), source, 'json');
  }

  #called(
    file: ModuleFile,
    terms: MachineTerms,
    { name, args }: { readonly name: string; readonly args: readonly HclNode[] },
    { node, at, depth }: { readonly node: HclNode; readonly at: Span; readonly depth: number },
  ): readonly Machine[] {
    const [first, second] = args;
    if (first && /^(?:templatefile|file)$/.test(name)) return [fileOf(terms, at, first, second)];
    if (first && name === 'jsonencode') {
      const value = hclValue(first);
      if (value.kind === 'map') return encoded(file.source, { ...terms, file: file.source.file }, value);
      return this.#machines(file, terms, first, at, depth + 1);
    }
    if (first && /^(?:yamldecode|jsondecode|trimspace)$/.test(name))
      return this.#machines(file, terms, first, at, depth + 1);
    return [unknownMachine(terms, at, `${short(node.text)} is known when Terraform plans: lint the plan`)];
  }

  /** Finds what `local.name` and `data.template_file.name.rendered` stand for. */
  #resolve(reference: string): Resolved | undefined {
    const [, local] = /^local\.([\w-]+)$/.exec(reference) ?? [];
    const [, template] = /^data\.template_file\.([\w-]+)\.rendered$/.exec(reference) ?? [];
    if (local === undefined && template === undefined) return undefined;
    for (const file of this.#files) {
      for (const block of blocksOf(file.root)) {
        const attributes = attributesOf(block);
        const node = block.type === 'locals' && local !== undefined ? attributes.get(local) : undefined;
        if (node) return { kind: 'expression', file, node };
        const isTemplate = block.type === 'data' && block.labels.join('.') === `template_file.${template}`;
        const path = isTemplate ? callOf(attributes.get('template') ?? block.node)?.args[0] : undefined;
        if (path) {
          const values = attributes.get('vars');
          return { kind: 'template', name: 'templatefile', args: values ? [path, values] : [path] };
        }
      }
    }
    return undefined;
  }
}

type Resolved =
  | { readonly kind: 'expression'; readonly file: ModuleFile; readonly node: HclNode }
  | { readonly kind: 'template'; readonly name: 'templatefile'; readonly args: readonly HclNode[] };

const short = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 60);

/** Resources of both providers, and calls of a module that makes one. */
function addressOf({ type, labels }: Block, attributes: ReadonlyMap<string, HclNode>): string | undefined {
  const [first, second] = labels;
  if (type === 'resource' && /^(?:aws_sfn|awscc_stepfunctions)_state_machine$/.test(first ?? ''))
    return `${first}.${second}`;
  const source = type === 'module' ? literalText(attributes.get('source')) : undefined;
  const makesOne = /step-?functions|state-?machine/.test(source ?? '') && attributes.has('definition');
  return makesOne ? `module.${first}` : undefined;
}

const literalText = (node: HclNode | undefined): string | undefined => node && textIn(hclValue(node));

function logsParameters(block: Block, attributes: ReadonlyMap<string, HclNode>): boolean {
  const inner = blocksOf(block.node).find(({ type }) => type === 'logging_configuration');
  const configuration = attributes.get('logging_configuration');
  const written = new Map(entriesOf(configuration && hclValue(configuration)).map(({ name, value }) => [name, value]));
  const values = inner ? new Map([...attributesOf(inner)].map(([name, node]) => [name, hclValue(node)])) : written;
  return isTrue(values.get('include_execution_data')) && textIn(values.get('level')) === 'ALL';
}

function encoded(source: SourceFile, terms: MachineTerms, value: SourceValue): readonly Machine[] {
  const known: Machine = {
    kind: 'known',
    origin: originOf(terms, definitionText(value, { intrinsics: false }), source),
  };
  const loops = loopsIn(value).map((loop) => ({
    ...unknownMachine(terms, loop, 'Terraform makes it when it plans: lint the plan'),
    part: true,
  }));
  return [known, ...loops];
}

/** Expressions that make states or lists of them. */
const loopsIn = (value: SourceValue): readonly SourceValue[] => {
  if (value.kind === 'unknown') return /^[[{]\s*for\b|^(?:merge|concat|flatten)\s*\(/.test(value.source) ? [value] : [];
  return [...entriesOf(value).map((each) => each.value), ...itemsIn(value)].flatMap(loopsIn);
};

/** Paths are taken from the folder of the module. */
function fileOf(terms: MachineTerms, at: Span, pathNode: HclNode, valuesNode: HclNode | undefined): Machine {
  const path = literalText(pathNode)?.replace(/^\$\{path\.(?:module|root|cwd)\}\/?/, '');
  if (path === undefined || path.includes('${')) {
    return unknownMachine(terms, at, `the path ${short(pathNode.text)} is known when Terraform plans: lint the plan`);
  }
  return { kind: 'elsewhere', terms, at, path, values: literalsOf(valuesNode && hclValue(valuesNode)) };
}
