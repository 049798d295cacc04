import type { Json } from '@baton/asl';
import type { JsonObject, ServiceId } from '../../../kernel/service.ts';
import { isJsonObject } from '../json-text.ts';
import { objectOf, present, textOf, type Parameters } from './parameters.ts';
import { jsonOf } from './responses.ts';
import { sdk2Failure, type SdkNames } from './sdk-failures.ts';
import { TaskFailure, type TaskCall } from './task-call.ts';

interface SdkService {
  readonly id: ServiceId;
  readonly names: SdkNames;
  /** The model spells its members in camelCase; definitions spell them in PascalCase. */
  readonly camelCase: boolean;
}

const sdk = (id: ServiceId, prefix: string, unmodelled: readonly string[], camelCase = false): SdkService => ({
  id,
  camelCase,
  names: { prefix, base: `${prefix}Exception`, service: prefix, models: (code) => !unmodelled.includes(code) },
});

/** By the service's name in the resource. */
const SERVICES: Readonly<Record<string, SdkService>> = {
  cloudwatchlogs: sdk('logs', 'CloudWatchLogs', ['ValidationException'], true),
  dynamodb: sdk('dynamodb', 'DynamoDb', ['ValidationException']),
  ec2: sdk('ec2', 'Ec2', []),
  eventbridge: sdk('events', 'EventBridge', ['ValidationException']),
  iam: sdk('iam', 'Iam', []),
  kms: sdk('kms', 'Kms', ['ValidationException']),
  lambda: sdk('lambda', 'Lambda', ['ValidationException']),
  sfn: sdk('states', 'Sfn', [], true),
  sns: sdk('sns', 'Sns', []),
  sqs: sdk('sqs', 'Sqs', ['MissingParameter', 'InvalidParameterValue']),
  ssm: sdk('ssm', 'Ssm', ['ValidationException']),
  sts: sdk('sts', 'Sts', []),
};

/** Members of Step Functions that take JSON text; a definition may give any JSON for them. */
const JSON_TEXTS = new Set(['Cause', 'Definition', 'Input', 'Output']);

/** `aws-sdk:<service>:<action>`: the service's own action, with the SDK's spelling and error names. */
export async function callAwsSdk({ world, parameters, caller }: TaskCall, name: string, action: string): Promise<Json> {
  const service = SERVICES[name];
  if (service === undefined) {
    throw new TaskFailure(
      'States.Runtime',
      `The service ${name} is not part of local AWS; it has ${Object.keys(SERVICES).join(', ')}`,
    );
  }
  const given = objectOf(parameters);
  const input = service.camelCase ? camelCase(given) : given;
  try {
    const called = `${action.charAt(0).toUpperCase()}${action.slice(1)}`;
    const response = jsonOf(await world.call(caller, `${service.id}:${called}`, input));
    return service.camelCase ? pascalCase(response) : response;
  } catch (error) {
    throw sdk2Failure(world, service.names, error);
  }
}

function camelCase(members: Parameters): JsonObject {
  const entries = Object.entries(members).map(([name, value]): [string, unknown] => {
    const lower = name.charAt(0).toLowerCase() + name.slice(1);
    return [lower, JSON_TEXTS.has(name) ? textOf(value) : lowerNames(value)];
  });
  return present(Object.fromEntries(entries));
}

function lowerNames(value: Json): unknown {
  if (Array.isArray(value)) return value.map(lowerNames);
  return isJsonObject(value) ? camelCase(value) : value;
}

/** Dates are ISO 8601 text in the SDK's JSON. */
function pascalCase(value: Json, name = ''): Json {
  if (Array.isArray(value)) return value.map((item) => pascalCase(item));
  if (typeof value === 'number' && /Date$/.test(name)) return new Date(value * 1000).toISOString();
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key.charAt(0).toUpperCase() + key.slice(1), pascalCase(member, key)]),
  );
}
