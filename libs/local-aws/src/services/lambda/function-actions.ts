import { join } from 'node:path';
import { AwsError } from '../../kernel/aws-error.ts';
import type { Caller, JsonObject, World } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { blob, flag, optional, required, structure, text, withDefault, type Members } from '../../kit/reader.ts';
import { readResponse } from '../../kit/response.ts';
import { addTags, tagMap } from '../../kit/tags.ts';
import { unpack, type Code } from './code.ts';
import { configurationMembers, configure, roleArn } from './configuration.ts';
import { functionShape, userError, type LambdaFunction } from './function.ts';
import { listOf, pageMembers, type FunctionStore } from './function-store.ts';
import { functionArn, functionMember, versionMembers } from './reference.ts';
import type { Versions } from './versions.ts';

const evidence = 'documented';

/** Where code comes from: a zip in the request, or one in a bucket of S3. Members that name an image are not read. */
const source = {
  ZipFile: optional(blob()),
  S3Bucket: optional(text()),
  S3Key: optional(text()),
  S3ObjectVersion: optional(text()),
};

/** The actions that make, change and delete functions. */
export const functionActions = (functions: FunctionStore, versions: Versions): Record<string, UnboundAction> => ({
  CreateFunction: createFunction(functions, versions),

  UpdateFunctionCode: action(
    { ...functionMember, ...source, Publish: withDefault(flag, false) },
    {
      resources: ({ FunctionName }, caller) => [functionArn(FunctionName, caller)],
      evidence,
      async run({ FunctionName, Publish, ...given }, caller) {
        const { fn } = functions.locate({ FunctionName });
        const code = await unpackCode(functions, fn.name, given, caller);
        versions.replaceLatest(fn, fn.latest.configuration, code);
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
      async run({ FunctionName: { name }, Code: given, Publish, Tags, ...request }, caller): Promise<JsonObject> {
        if (functions.all.has(name)) {
          throw userError('ResourceConflictException', `Function already exist: ${name}`, 409);
        }
        if (request.Runtime === undefined || request.Handler === undefined) {
          const message =
            'Runtime and Handler are mandatory parameters for functions created with deployment packages.';
          throw userError('InvalidParameterValueException', message);
        }
        const configuration = configure(request);
        const code = await unpackCode(functions, name, given, caller);
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

/** @throws {AwsError} InvalidParameterValueException for what is not a zip, is not in its bucket, or no code at all */
async function unpackCode({ world }: FunctionStore, name: string, given: Source, caller: Caller): Promise<Code> {
  const zip = given.ZipFile ?? (await fetchCode(world, given, caller));
  if (zip !== undefined) return unpack(zip, join(world.folder, 'functions', name));
  const message = 'Please provide a source for function code: here, a ZipFile, or S3Bucket and S3Key.';
  throw userError('InvalidParameterValueException', message);
}

type Source = Members<typeof source>;

/** As whoever makes the function: Lambda reads the bucket with the caller's own permissions. */
async function fetchCode(world: World, { S3Bucket, S3Key, S3ObjectVersion }: Source, caller: Caller) {
  if (S3Bucket === undefined || S3Key === undefined) return undefined;
  const object = { Bucket: S3Bucket, Key: S3Key, VersionId: S3ObjectVersion };
  try {
    return readResponse({ Body: required(blob()) }, await world.call(caller, 's3:GetObject', object)).Body;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { code, message } = error;
    throw userError(
      'InvalidParameterValueException',
      `Error occurred while GetObject. S3 Error Code: ${code}. S3 Error Message: ${message}`,
    );
  }
}
