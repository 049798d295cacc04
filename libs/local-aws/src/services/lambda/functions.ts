import type { LegacyAction as Action } from '../../kit/legacy.ts';
import { join } from 'node:path';
import type { JsonObject, World } from '../../kernel/service.ts';
import { unpack, type Code } from './code.ts';
import { parseConfiguration } from './configuration.ts';
import type { Environments } from './environments.ts';
import {
  describe,
  findVersion,
  parseReference,
  userError,
  type Configuration,
  type LambdaFunction,
  type Version,
} from './function.ts';

/** All functions, by name. */
export interface FunctionStore {
  /** `qualifier` is only said in the refusal. @throws {AwsError} ResourceNotFoundException */
  find(name: string, qualifier?: string): LambdaFunction;
  readonly all: Map<string, LambdaFunction>;
}

export function createFunctionStore(world: World): FunctionStore {
  const all = new Map<string, LambdaFunction>();
  return {
    all,
    find(name, qualifier) {
      const fn = all.get(name);
      if (fn !== undefined) return fn;
      const arn = functionArn(world, name) + (qualifier === undefined ? '' : `:${qualifier}`);
      throw userError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
    },
  };
}

export const functionArn = (world: World, name: string): string =>
  `arn:aws:lambda:${world.region}:${world.accountId}:function:${name}`;

export type CreateEnvironments = (
  fn: Pick<LambdaFunction, 'name' | 'arn'>,
  version: Omit<Version, 'environments'>,
) => Environments;

/** The actions on functions, their versions and aliases are in versions.ts. */
export function functionActions(
  world: World,
  functions: FunctionStore,
  createEnvironments: CreateEnvironments,
): Record<string, Action> {
  const makeVersion = (
    fn: Pick<LambdaFunction, 'name' | 'arn'>,
    version: string,
    configuration: Configuration,
    code: Code,
  ): Version => {
    const parts = { version, configuration, code, lastModified: world.clock.now(), revisionId: world.uuid() };
    return { ...parts, environments: createEnvironments(fn, parts) };
  };
  const unpackCode = (name: string, input: JsonObject): Code => {
    const zip = input['ZipFile'];
    const bytes = typeof zip === 'string' ? Buffer.from(zip, 'base64') : zip;
    if (bytes instanceof Uint8Array) return unpack(bytes, join(world.folder, 'functions', name));
    throw userError('InvalidParameterValueException', 'Please provide a source for function code: here, a ZipFile.');
  };
  const replaceLatest = (fn: LambdaFunction, configuration: Configuration, code: Code): JsonObject => {
    fn.latest.environments.retire();
    fn.latest = makeVersion(fn, '$LATEST', configuration, code);
    return describe(fn, fn.latest, false);
  };
  const publish = (fn: LambdaFunction): Version => {
    const version = makeVersion(fn, String(fn.published.size + 1), fn.latest.configuration, fn.latest.code);
    fn.published.set(version.version, version);
    return version;
  };

  return {
    CreateFunction(input) {
      const { name } = parseReference(input['FunctionName']);
      const arn = functionArn(world, name);
      if (functions.all.has(name)) throw userError('ResourceConflictException', `Function already exist: ${name}`, 409);
      const configuration = parseConfiguration(input);
      const code = unpackCode(name, (input['Code'] ?? {}) as JsonObject);
      const fn: LambdaFunction = {
        name,
        arn,
        latest: makeVersion({ name, arn }, '$LATEST', configuration, code),
        published: new Map(),
        aliases: new Map(),
        permissions: new Map(),
        eventInvokeConfigs: new Map(),
        tags: new Map(Object.entries((input['Tags'] ?? {}) as Record<string, string>)),
        reservedConcurrency: undefined,
        running: 0,
      };
      functions.all.set(name, fn);
      return input['Publish'] === true ? describe(fn, publish(fn), true) : describe(fn, fn.latest, false);
    },
    GetFunction(input) {
      const { fn, version, qualified } = locate(functions, input);
      return {
        Configuration: describe(fn, version, qualified),
        Code: { RepositoryType: 'S3', Location: `file://${version.code.folder}` },
        Tags: Object.fromEntries(fn.tags),
        ...(fn.reservedConcurrency === undefined
          ? {}
          : { Concurrency: { ReservedConcurrentExecutions: fn.reservedConcurrency } }),
      };
    },
    GetFunctionConfiguration(input) {
      const { fn, version, qualified } = locate(functions, input);
      return describe(fn, version, qualified);
    },
    GetFunctionCodeSigningConfig: (input) => ({ FunctionName: locate(functions, input).fn.name }),
    ListFunctions(input) {
      const names = [...functions.all.keys()].sort();
      const start = Number(input['Marker'] ?? 0);
      const end = start + Number(input['MaxItems'] ?? 50);
      const shown = names.slice(start, end).map((name) => functions.find(name));
      return {
        Functions: shown.map((fn) => describe(fn, fn.latest, false)),
        ...(end < names.length ? { NextMarker: String(end) } : {}),
      };
    },
    UpdateFunctionCode(input) {
      const { fn } = locate(functions, input);
      const code = unpackCode(fn.name, input);
      const shown = replaceLatest(fn, fn.latest.configuration, code);
      return input['Publish'] === true ? describe(fn, publish(fn), true) : shown;
    },
    UpdateFunctionConfiguration(input) {
      const { fn } = locate(functions, input);
      return replaceLatest(fn, parseConfiguration(input, fn.latest.configuration), fn.latest.code);
    },
    DeleteFunction(input) {
      const { fn } = locate(functions, input);
      for (const version of [fn.latest, ...fn.published.values()]) version.environments.retire();
      functions.all.delete(fn.name);
      return {};
    },
    PublishVersion: (input) => {
      const { fn } = locate(functions, input);
      return describe(fn, publish(fn), true);
    },
    ListVersionsByFunction(input) {
      const { fn } = locate(functions, input);
      return { Versions: [fn.latest, ...fn.published.values()].map((version) => describe(fn, version, true)) };
    },
  };
}

/** @throws {AwsError} ResourceNotFoundException */
export function locate(
  functions: FunctionStore,
  input: JsonObject,
): { fn: LambdaFunction; version: Version; qualifier: string; qualified: boolean } {
  const { name, qualifier } = parseReference(input['FunctionName'], input['Qualifier']);
  const fn = functions.find(name, qualifier);
  return {
    fn,
    version: findVersion(fn, qualifier),
    qualifier: qualifier ?? '$LATEST',
    qualified: qualifier !== undefined,
  };
}
