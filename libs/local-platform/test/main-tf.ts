import { parse } from '@cdktn/hcl2json';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What an example's main.tf makes, in the words of local.json and with the modules' defaults. */
export interface Made {
  /** What the state machine may do: without resources, which each side writes in its own way. */
  readonly statements: StatementNames[];
  readonly workers: Record<string, object>;
  readonly functions: Record<string, object>;
  readonly queues: Record<string, object>;
  readonly topics: string[];
  readonly tables: Record<string, object>;
  readonly hasApprovers: boolean;
  /** What each variable of the workflow is given, by the name that it has locally. */
  readonly definitionVariables: Record<string, unknown>;
}

export interface StatementNames {
  readonly sid: string;
  readonly actions: readonly string[];
}

type Block = Readonly<Record<string, unknown>>;

/** Arguments that have no local twin: names are compared, the rest is permission, protection or description. */
const NOT_LOCAL = [
  ...['source', 'for_each', 'name', 'description', 'tags', 'code', 'platform', 'restrict_redrive'],
  ...['billing_mode', 'point_in_time_recovery', 'sqs_managed_sse_enabled'],
];

/** @throws Error where main.tf says something that has no word in local.json */
export async function readMade(folder: string): Promise<Made> {
  const source = new Source(folder, await readHcl(join(folder, 'main.tf')));
  const made: Made = {
    statements: [],
    workers: {},
    functions: {},
    queues: {},
    topics: [],
    tables: {},
    hasApprovers: false,
    definitionVariables: {},
  };
  for (const { module, block, name } of source.modules()) {
    if (module === 'queue-worker') made.workers[name] = worker(await withDefaults(module, block), source);
    else if (module === 'function') made.functions[name] = fn(await withDefaults(module, block), source);
    else if (module === 'approvals') Object.assign(made, { hasApprovers: true });
    else if (module === 'state-machine') {
      made.statements.push(...statementNames(block['statements']));
      // The module itself adds the partition.
      const variables = Object.entries({ partition: '${var.partition}', ...(block['definition_variables'] as Block) });
      Object.assign(
        made.definitionVariables,
        Object.fromEntries(variables.map(([key, value]) => [key, source.local(value)])),
      );
    } else throw new Error(`main.tf calls the module "${module}", which local.json has no word for`);
  }
  for (const { type, block, name } of source.resources()) {
    if (type === 'aws_sqs_queue') made.queues[name] = take(block, { visibilityTimeoutSeconds: undefined });
    else if (type === 'aws_sns_topic') made.topics.push(name);
    else if (type === 'aws_dynamodb_table') made.tables[name] = table(block);
    else throw new Error(`main.tf makes a ${type}, which local.json has no word for`);
  }
  return made;
}

/** The arguments of a block by the names of local.json. @throws Error for one that is neither taken nor listed as not local */
function take(block: Block, fallbacks: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = Object.entries(block).filter(([key]) => !NOT_LOCAL.includes(key));
  const named = given.map(([key, value]) => [camelCase(key), value] as const);
  const unknown = named.filter(([key, value]) => !(key in fallbacks) && value !== null).map(([key]) => key);
  if (unknown.length > 0) throw new Error(`main.tf gives ${unknown.join(', ')}, which local.json has no word for`);
  const members = Object.entries({ ...fallbacks, ...Object.fromEntries(named) });
  return Object.fromEntries(members.filter(([, value]) => value !== undefined && value !== null));
}

const camelCase = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

const statementNames = (statements: unknown): StatementNames[] =>
  ((statements ?? []) as StatementNames[]).map(({ sid, actions }) => ({ sid, actions }));

const FUNCTION = { handler: undefined, timeoutSeconds: undefined, memoryMegabytes: undefined, environment: {} };

function fn(block: Block, source: Source): object {
  const { asynchronous, environment, statements, ...rest } = take(block, {
    ...FUNCTION,
    asynchronous: undefined,
    statements: [],
  });
  const { maximum_retry_attempts: maximumRetryAttempts, failure_function_arn: onFailure } = (asynchronous ??
    {}) as Block;
  return {
    ...rest,
    statements: statementNames(statements),
    environment: source.localEach(environment),
    ...(asynchronous !== undefined && {
      asynchronous: { maximumRetryAttempts, onFailure: source.local(onFailure) },
    }),
  };
}

function worker(block: Block, source: Source): object {
  const { settlesStateMachineArns = [], ...given } = take(block, {
    ...FUNCTION,
    settlesStateMachineArns: undefined,
    batchSize: undefined,
    maxReceiveCount: undefined,
    messageRetentionSeconds: undefined,
    visibilityTimeoutSeconds: 6 * Number(block['timeout_seconds']),
  });
  const platform = source.resolve(block['platform']);
  const reports =
    typeof platform === 'string' ? source.platformType.includes('endpoint') : 'endpoint' in (platform as Block);
  const environment = { ...(reports && { BATON_ENDPOINT: '${endpoint}' }), ...source.localEach(given['environment']) };
  return { ...given, settles: (settlesStateMachineArns as unknown[]).length > 0, environment };
}

function table(block: Block): object {
  const { hashKey, attribute } = take(block, { hashKey: undefined, attribute: undefined });
  const attributes = attribute as Block[];
  if (attributes.length !== 1 || attributes[0]?.['type'] !== 'S')
    throw new Error('local tables have one key, a string');
  return { partitionKey: hashKey };
}

const modules = resolve(import.meta.dirname, '../../../terraform/modules');

/** The defaults of a module's variables, and over them what it is given. */
async function withDefaults(module: string, block: Block): Promise<Block> {
  const { variable } = await readHcl(join(modules, module, 'variables.tf'));
  const defaults = Object.entries(variable as Record<string, Block[]>).flatMap(([name, [declared]]) =>
    declared !== undefined && 'default' in declared ? [[name, declared['default']] as const] : [],
  );
  // What is empty by default says nothing.
  const saying = defaults.filter(([, value]) => typeof value === 'number' || typeof value === 'string');
  return { ...Object.fromEntries(saying.filter(([name]) => LOCAL_DEFAULTS.includes(name))), ...block };
}

const LOCAL_DEFAULTS = [
  ...['timeout_seconds', 'memory_megabytes', 'batch_size', 'max_receive_count', 'message_retention_seconds'],
];

export async function readHcl(file: string): Promise<Block> {
  return parse(file, readFileSync(file, 'utf8'));
}

/** A parsed main.tf, whose locals and loops are resolved. */
class Source {
  readonly #hcl: Block;
  readonly #locals: Block;
  readonly #example: string;

  constructor(folder: string, hcl: Block) {
    this.#hcl = hcl;
    this.#example = folder.split('/').at(-1) ?? '';
    this.#locals = Object.assign({}, ...((hcl['locals'] ?? []) as Block[])) as Block;
  }

  get platformType(): string {
    const { platform } = this.#hcl['variable'] as Record<string, Block[]>;
    return String(platform?.[0]?.['type']);
  }

  modules() {
    return Object.values((this.#hcl['module'] ?? {}) as Record<string, Block[]>)
      .flat()
      .flatMap((block) => this.#copies(block))
      .map((block) => ({ module: String(block['source']).split('/').at(-1) ?? '', block, name: this.#nameOf(block) }));
  }

  resources() {
    const all = Object.entries((this.#hcl['resource'] ?? {}) as Record<string, Record<string, Block[]>>);
    return all.flatMap(([type, labels]) =>
      Object.values(labels)
        .flat()
        .map((block) => ({ type, block, name: this.#nameOf(block) })),
    );
  }

  /** A block with for_each: a copy for each of its keys. */
  #copies(block: Block): Block[] {
    if (block['for_each'] === undefined) return [this.resolve(block) as Block];
    const each = Object.entries(this.resolve(block['for_each']) as Record<string, Block>);
    return each.map(([key, value]) => this.resolve(block, { key, value }) as Block);
  }

  /** The name without what every name of the environment, the platform's workers or the example begins with. */
  #nameOf({ name }: Block): string {
    const prefix = `\${var.platform.name_prefix}-`;
    const full = String(this.resolve(name)).replace(prefix, '');
    return full.replace(new RegExp(`^(work|${this.#example})-`), '');
  }

  /** Fills in locals and the loop's key and value; any other reference stays as it is written. */
  resolve(value: unknown, each: Block = {}): unknown {
    if (Array.isArray(value)) return value.map((item) => this.resolve(item, each));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.resolve(inner, each)]));
    }
    if (typeof value !== 'string') return value;
    const whole = /^\$\{((?:local|each)[\w.]*)\}$/.exec(value);
    if (whole) return this.resolve(this.#lookUp(whole[1]!, each), each);
    return value.replace(/\$\{((?:local|each)\.[\w.]+)\}/g, (_, path: string) =>
      String(this.resolve(this.#lookUp(path, each), each)),
    );
  }

  #lookUp(path: string, each: Block): unknown {
    const [root, ...members] = path.split('.');
    const from: unknown = root === 'each' ? each : this.#locals;
    return members.reduce((found, member) => (found as Block)[member], from);
  }

  /** A reference as a template of local.json writes it; anything else as it is. */
  local(value: unknown): unknown {
    const reference = /^\$\{(.+)\}$/.exec(String(this.resolve(value)))?.[1];
    return reference === undefined ? value : `\${${this.#localName(reference)}}`;
  }

  localEach(values: unknown): Record<string, unknown> {
    return Object.fromEntries(Object.entries((values ?? {}) as Block).map(([key, value]) => [key, this.local(value)]));
  }

  #localName(reference: string): string {
    const variable = /^var\.(?:platform\.)?(\w+)$/.exec(reference)?.[1];
    if (variable !== undefined) return variable;
    const [, type, label, attribute] =
      /^(?:module|aws_\w+?_(queue|topic|table))\.(\w+(?:\["[\w-]+"\])?)\.(\w+)$/.exec(reference) ?? [];
    if (label === undefined || attribute === undefined) throw new Error(`main.tf refers to ${reference}`);
    const name = this.#labelled(label).replaceAll('-', '_');
    if (type !== undefined) return `${name}_${type}_${attribute}`;
    return `${name}_${attribute === 'alias_arn' ? 'function_arn' : attribute}`;
  }

  /** The name of what a label stands for: `worker["numbers"]` is numbers, `check_order` the worker "orders". */
  #labelled(label: string): string {
    const key = /\["([\w-]+)"\]$/.exec(label)?.[1];
    if (key !== undefined) return key;
    const [block] = ((this.#hcl['module'] ?? {}) as Record<string, Block[]>)[label] ?? [];
    return block === undefined ? label : this.#nameOf(block);
  }
}
