import type { Action, JsonObject, World } from '../service.ts';
import { findVersion, userError, type Alias, type EventInvokeConfig, type LambdaFunction } from './function.ts';
import { locate, type FunctionStore } from './functions.ts';

/** What is said about functions beside their code: aliases, permissions, concurrency, asynchronous invocation, tags. */
export function settingActions(world: World, functions: FunctionStore): Record<string, Action> {
  return {
    ...aliasActions(world, functions),
    ...permissionActions(functions),
    ...concurrencyActions(functions),
    ...eventInvokeActions(world, functions),
    ...tagActions(functions),
  };
}

function aliasActions(world: World, functions: FunctionStore): Record<string, Action> {
  const show = (fn: LambdaFunction, alias: Alias): JsonObject => ({
    AliasArn: `${fn.arn}:${alias.name}`,
    Name: alias.name,
    FunctionVersion: alias.version,
    Description: alias.description,
    RevisionId: alias.revisionId,
  });
  const find = (input: JsonObject): { fn: LambdaFunction; alias: Alias } => {
    const { fn } = locate(functions, input);
    const alias = fn.aliases.get(String(input['Name']));
    if (alias !== undefined) return { fn, alias };
    throw userError('ResourceNotFoundException', `Alias not found: ${fn.arn}:${String(input['Name'])}`, 404);
  };
  const put = (fn: LambdaFunction, input: JsonObject, before?: Alias): JsonObject => {
    const alias: Alias = {
      name: String(input['Name']),
      version: String(input['FunctionVersion'] ?? before?.version),
      description: String(input['Description'] ?? before?.description ?? ''),
      revisionId: world.uuid(),
    };
    findVersion(fn, alias.version);
    fn.aliases.set(alias.name, alias);
    return show(fn, alias);
  };

  return {
    CreateAlias(input) {
      const { fn } = locate(functions, input);
      const name = String(input['Name']);
      if (fn.aliases.has(name))
        throw userError('ResourceConflictException', `Alias already exists: ${fn.arn}:${name}`, 409);
      return put(fn, input);
    },
    UpdateAlias(input) {
      const { fn, alias } = find(input);
      return put(fn, input, alias);
    },
    GetAlias(input) {
      const { fn, alias } = find(input);
      return show(fn, alias);
    },
    ListAliases(input) {
      const { fn } = locate(functions, input);
      return { Aliases: [...fn.aliases.values()].map((alias) => show(fn, alias)) };
    },
    DeleteAlias(input) {
      const { fn } = locate(functions, input);
      fn.aliases.delete(String(input['Name']));
      return {};
    },
  };
}

/** Kept and shown, not enforced: here everybody may invoke. */
function permissionActions(functions: FunctionStore): Record<string, Action> {
  const missing = (): Error =>
    userError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
  return {
    AddPermission(input) {
      const { fn } = locate(functions, input);
      const id = String(input['StatementId']);
      if (fn.permissions.has(id)) {
        const message = `The statement id (${id}) provided already exists. Please provide a new statement id, or remove the existing statement.`;
        throw userError('ResourceConflictException', message, 409);
      }
      const statement = toStatement(fn, id, input);
      fn.permissions.set(id, statement);
      return { Statement: JSON.stringify(statement) };
    },
    GetPolicy(input) {
      const { fn } = locate(functions, input);
      if (fn.permissions.size === 0) throw missing();
      const policy = { Version: '2012-10-17', Id: 'default', Statement: [...fn.permissions.values()] };
      return { Policy: JSON.stringify(policy), RevisionId: fn.latest.revisionId };
    },
    RemovePermission(input) {
      const { fn } = locate(functions, input);
      if (!fn.permissions.delete(String(input['StatementId']))) throw missing();
      return {};
    },
  };
}

function toStatement(fn: LambdaFunction, id: string, input: JsonObject): JsonObject {
  const principal = String(input['Principal']);
  const { SourceArn, SourceAccount } = input;
  const condition = {
    ...(SourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': SourceArn } }),
    ...(SourceAccount === undefined ? {} : { StringEquals: { 'AWS:SourceAccount': SourceAccount } }),
  };
  return {
    Sid: id,
    Effect: 'Allow',
    Principal: principal.endsWith('.amazonaws.com') ? { Service: principal } : { AWS: principal },
    Action: input['Action'],
    Resource: input['Qualifier'] === undefined ? fn.arn : `${fn.arn}:${String(input['Qualifier'])}`,
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  };
}

function concurrencyActions(functions: FunctionStore): Record<string, Action> {
  const show = (fn: LambdaFunction): JsonObject =>
    fn.reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: fn.reservedConcurrency };
  return {
    PutFunctionConcurrency(input) {
      const { fn } = locate(functions, input);
      const reserved = input['ReservedConcurrentExecutions'];
      if (typeof reserved !== 'number' || !Number.isInteger(reserved) || reserved < 0) {
        const message = `ReservedConcurrentExecutions is ${String(reserved)}; it must be a whole number from 0.`;
        throw userError('InvalidParameterValueException', message);
      }
      fn.reservedConcurrency = reserved;
      return show(fn);
    },
    GetFunctionConcurrency: (input) => show(locate(functions, input).fn),
    DeleteFunctionConcurrency(input) {
      locate(functions, input).fn.reservedConcurrency = undefined;
      return {};
    },
  };
}

function eventInvokeActions(world: World, functions: FunctionStore): Record<string, Action> {
  const find = (input: JsonObject): { fn: LambdaFunction; qualifier: string; config: EventInvokeConfig } => {
    const { fn, qualifier } = locate(functions, input);
    const config = fn.eventInvokeConfigs.get(qualifier);
    if (config !== undefined) return { fn, qualifier, config };
    const message = `The function ${fn.arn}:${qualifier} doesn't have an EventInvokeConfig`;
    throw userError('ResourceNotFoundException', message, 404);
  };
  const put = (fn: LambdaFunction, qualifier: string, input: JsonObject, before?: EventInvokeConfig): JsonObject => {
    const config = parseEventInvokeConfig(world, input, before);
    fn.eventInvokeConfigs.set(qualifier, config);
    return showEventInvokeConfig(fn, qualifier, config);
  };

  return {
    PutFunctionEventInvokeConfig(input) {
      const { fn, qualifier } = locate(functions, input);
      return put(fn, qualifier, input);
    },
    UpdateFunctionEventInvokeConfig(input) {
      const { fn, qualifier, config } = find(input);
      return put(fn, qualifier, input, config);
    },
    GetFunctionEventInvokeConfig(input) {
      const { fn, qualifier, config } = find(input);
      return showEventInvokeConfig(fn, qualifier, config);
    },
    DeleteFunctionEventInvokeConfig(input) {
      const { fn, qualifier } = find(input);
      fn.eventInvokeConfigs.delete(qualifier);
      return {};
    },
  };
}

function parseEventInvokeConfig(world: World, input: JsonObject, before?: EventInvokeConfig): EventInvokeConfig {
  const within = (name: string, least: number, most: number, previous: number | undefined): number | undefined => {
    const value = input[name] ?? previous;
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'number' && value >= least && value <= most) return value;
    throw userError(
      'InvalidParameterValueException',
      `${name} is ${JSON.stringify(value)}; it must be from ${least} to ${most}.`,
    );
  };
  const destinations = input['DestinationConfig'] as Record<string, { Destination?: string }> | undefined;
  const destination = (name: string, previous: string | undefined): string | undefined =>
    destinations === undefined ? previous : destinations[name]?.Destination;
  const members = {
    maximumRetryAttempts: within('MaximumRetryAttempts', 0, 2, before?.maximumRetryAttempts),
    maximumEventAgeSeconds: within('MaximumEventAgeInSeconds', 60, 21_600, before?.maximumEventAgeSeconds),
    onSuccess: destination('OnSuccess', before?.onSuccess),
    onFailure: destination('OnFailure', before?.onFailure),
  };
  const given = Object.entries(members).filter(([, value]) => value !== undefined);
  return { lastModified: world.clock.now(), ...Object.fromEntries(given) };
}

const showEventInvokeConfig = (fn: LambdaFunction, qualifier: string, config: EventInvokeConfig): JsonObject => ({
  LastModified: config.lastModified / 1000,
  FunctionArn: `${fn.arn}:${qualifier}`,
  ...(config.maximumRetryAttempts === undefined ? {} : { MaximumRetryAttempts: config.maximumRetryAttempts }),
  ...(config.maximumEventAgeSeconds === undefined ? {} : { MaximumEventAgeInSeconds: config.maximumEventAgeSeconds }),
  DestinationConfig: {
    OnSuccess: config.onSuccess === undefined ? {} : { Destination: config.onSuccess },
    OnFailure: config.onFailure === undefined ? {} : { Destination: config.onFailure },
  },
});

function tagActions(functions: FunctionStore): Record<string, Action> {
  const find = (input: JsonObject): LambdaFunction => locate(functions, { FunctionName: input['Resource'] }).fn;
  return {
    ListTags: (input) => ({ Tags: Object.fromEntries(find(input).tags) }),
    TagResource(input) {
      const { tags } = find(input);
      for (const [key, value] of Object.entries((input['Tags'] ?? {}) as Record<string, string>)) tags.set(key, value);
      return {};
    },
    UntagResource(input) {
      const { tags } = find(input);
      for (const key of (input['TagKeys'] ?? []) as string[]) tags.delete(key);
      return {};
    },
  };
}
