import { join } from 'node:path';
import type { JsonObject } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { blob, flag, optional, required, structure, withDefault } from '../../kit/reader.ts';
import { addTags, tagMap } from '../../kit/tags.ts';
import { unpack, type Code } from './code.ts';
import { configurationMembers, configure, roleArn } from './configuration.ts';
import { functionShape, userError, type LambdaFunction } from './function.ts';
import { listOf, pageMembers, type FunctionStore } from './function-store.ts';
import { functionArn, functionMember, versionMembers } from './reference.ts';
import type { Versions } from './versions.ts';

const evidence = 'documented';

/** Where code comes from: a zip in the request. Members that name a bucket of S3 or an image are not read. */
const source = { ZipFile: optional(blob()) };

/** The actions that make, change and delete functions. */
export const functionActions = (functions: FunctionStore, versions: Versions): Record<string, UnboundAction> => ({
  CreateFunction: createFunction(functions, versions),

  UpdateFunctionCode: action(
    { ...functionMember, ...source, Publish: withDefault(flag, false) },
    {
      resources: ({ FunctionName }, caller) => [functionArn(FunctionName, caller)],
      evidence,
      run({ FunctionName, ZipFile, Publish }) {
        const { fn } = functions.locate({ FunctionName });
        versions.replaceLatest(fn, fn.latest.configuration, unpackCode(functions, fn.name, ZipFile));
        return Publish ? functionShape(fn, versions.publish(fn), true) : functionShape(fn, fn.latest, false);
      },
    },
  ),

  UpdateFunctionConfiguration: action(
    { ...functionMember, ...configurationMembers },
    {
      resources: ({ FunctionName }, caller) => [functionArn(FunctionName, caller)],
      evidence,
      run({ FunctionName, ...given }) {
        const { fn } = functions.locate({ FunctionName });
        versions.replaceLatest(fn, configure(given, fn.latest.configuration), fn.latest.code);
        return functionShape(fn, fn.latest, false);
      },
    },
  ),

  DeleteFunction: action(versionMembers, {
    resources: ({ FunctionName }, caller) => [functionArn(FunctionName, caller)],
    evidence,
    run(request) {
      const { fn, qualified } = functions.locate(request);
      if (qualified) {
        const message = 'One version of a function cannot be deleted here, only the function with all its versions.';
        throw userError('InvalidParameterValueException', message);
      }
      for (const version of [fn.latest, ...fn.published.values()]) version.environments.retire();
      functions.all.delete(fn.name);
      return {};
    },
  }),
});

/** The actions that show functions. */
export const functionQueries = (functions: FunctionStore): Record<string, UnboundAction> => ({
  GetFunction: action(versionMembers, {
    resources: ({ FunctionName }, caller) => [functionArn(FunctionName, caller)],
    evidence,
    run(request) {
      const { fn, version, qualified } = functions.locate(request);
      return {
        Configuration: functionShape(fn, version, qualified),
        Code: { RepositoryType: 'S3', Location: `file://${version.code.folder}` },
        Tags: Object.fromEntries(fn.tags),
        ...(fn.reservedConcurrency !== undefined && {
          Concurrency: { ReservedConcurrentExecutions: fn.reservedConcurrency },
        }),
      };
    },
  }),

  GetFunctionConfiguration: action(versionMembers, {
    resources: ({ FunctionName }, caller) => [functionArn(FunctionName, caller)],
    evidence,
    run(request) {
      const { fn, version, qualified } = functions.locate(request);
      return functionShape(fn, version, qualified);
    },
  }),

  GetFunctionCodeSigningConfig: action(functionMember, {
    resources: ({ FunctionName }, caller) => [functionArn(FunctionName, caller)],
    evidence,
    run: (request) => ({ FunctionName: functions.locate(request).fn.name }),
  }),

  ListFunctions: action(pageMembers, {
    evidence,
    run(request) {
      const byName = [...functions.all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
      const { items, rest } = listOf(byName, request);
      return { Functions: items.map((fn) => functionShape(fn, fn.latest, false)), ...rest };
    },
  }),
});

const createFunction = (functions: FunctionStore, versions: Versions): UnboundAction =>
  action(
    {
      ...functionMember,
      ...configurationMembers,
      Role: required(roleArn),
      Code: required(structure(source)),
      Publish: withDefault(flag, false),
      Tags: tagMap,
    },
    {
      resources: ({ FunctionName }, caller) => [functionArn(FunctionName, caller)],
      evidence,
      run({ FunctionName: { name }, Code: given, Publish, Tags, ...request }): JsonObject {
        if (functions.all.has(name)) {
          throw userError('ResourceConflictException', `Function already exist: ${name}`, 409);
        }
        if (request.Runtime === undefined || request.Handler === undefined) {
          const message =
            'Runtime and Handler are mandatory parameters for functions created with deployment packages.';
          throw userError('InvalidParameterValueException', message);
        }
        const configuration = configure(request);
        const code = unpackCode(functions, name, given.ZipFile);
        const identity = { name, arn: functions.arn(name) };
        const fn: LambdaFunction = {
          ...identity,
          latest: versions.make(identity, '$LATEST', configuration, code),
          published: new Map(),
          aliases: new Map(),
          permissions: new Map(),
          eventInvokeConfigs: new Map(),
          tags: addTags(new Map(), Tags),
          reservedConcurrency: undefined,
          running: 0,
        };
        functions.all.set(name, fn);
        return Publish ? functionShape(fn, versions.publish(fn), true) : functionShape(fn, fn.latest, false);
      },
    },
  );

/** @throws {AwsError} InvalidParameterValueException for what is not a zip, or no code at all */
function unpackCode({ world }: FunctionStore, name: string, zip: Uint8Array | undefined): Code {
  if (zip !== undefined) return unpack(zip, join(world.folder, 'functions', name));
  throw userError('InvalidParameterValueException', 'Please provide a source for function code: here, a ZipFile.');
}
