/** The condition keys of single services, as far as they are known here. [documented: Service Authorization Reference] */
import type { Call } from '../../../kernel/call.ts';
import type { JsonObject } from '../../../kernel/service.ts';
import { isJsonObject } from '../../../kit/json-object.ts';
import type { Asked, Value } from './request-context.ts';

type Lookup = (asked: Asked) => Value;

const text = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
/** A member of the request, where it has one. */
const member =
  (...names: readonly string[]): Lookup =>
  ({ call }) =>
    names.map((name) => text(call.input[name])).find((value) => value !== undefined);
const absent: Lookup = () => undefined;

const many = (values: readonly string[]): Value => (values.length === 0 ? undefined : [...new Set(values)]);

export const SERVICE_KEYS: Readonly<Record<string, Lookup>> = {
  'dynamodb:attributes': ({ call }) => many(attributes(call)),
  'dynamodb:leadingkeys': ({ call }) => many(leadingKeys(call)),
  'dynamodb:returnvalues': member('ReturnValues'),
  'dynamodb:select': member('Select'),
  'iam:awsservicename': member('AWSServiceName'),
  'iam:passedtoservice': ({ permission }) => permission.passedToService,
  'iam:permissionsboundary': member('PermissionsBoundary'),
  'iam:policyarn': member('PolicyArn'),
  'kms:bypasspolicylockoutsafetycheck': absent,
  'kms:calleraccount': ({ call }) => call.caller.accountId,
  'kms:encryptioncontextkeys': ({ call }) => many(Object.keys(encryptionContext(call))),
  'kms:grantisforawsresource': absent,
  'kms:keyspec': member('KeySpec', 'CustomerMasterKeySpec'),
  'kms:keyusage': member('KeyUsage'),
  'kms:macalgorithm': member('MacAlgorithm'),
  'kms:requestalias': ({ call }) => requestAlias(call),
  'kms:resourcealiases': ({ facts, permission }) => many(facts?.aliasesOf?.(permission.resource) ?? []),
  'kms:viaservice': absent,
  'lambda:eventsourcetoken': absent,
  'lambda:functionarn': ({ call }) => functionOfMapping(call),
  'lambda:functionurlauthtype': absent,
  'lambda:principal': member('Principal'),
  'ses:fromaddress': ({ call }) => fromAddress(call),
  's3:delimiter': member('Delimiter'),
  's3:max-keys': member('MaxKeys'),
  's3:prefix': member('Prefix'),
  's3:versionid': member('VersionId'),
  'sns:endpoint': member('Endpoint'),
  'sns:protocol': member('Protocol'),
  'ssm:documenttype': member('DocumentType'),
  'ssm:overwrite': ({ call }) => text(call.input['Overwrite'] === true ? 'true' : undefined),
  'states:statemachinequalifier': ({ permission }) => /:stateMachine:[^:]+:(.+)$/.exec(permission.resource)?.[1],
  'sts:externalid': member('ExternalId'),
  'sts:rolesessionname': member('RoleSessionName'),
  'sts:sourceidentity': member('SourceIdentity'),
  'sts:transitivetagkeys': ({ call }) => many(list(call.input['TransitiveTagKeys']).map(String)),
};

/** Keys whose end is a name of the user's own. */
const NAMED: Readonly<Record<string, (asked: Asked, name: string) => Value>> = {
  'kms:encryptioncontext:': ({ call }, name) => byName(encryptionContext(call), name),
  'ec2:resourcetag/': resourceTag,
  'iam:resourcetag/': resourceTag,
  'ssm:resourcetag/': resourceTag,
};
export const SERVICE_PREFIXES: readonly string[] = Object.keys(NAMED);

export function serviceKey(asked: Asked, key: string): Value {
  const lookup = Object.hasOwn(SERVICE_KEYS, key) ? SERVICE_KEYS[key] : undefined;
  if (lookup) return lookup(asked);
  const prefix = SERVICE_PREFIXES.find((each) => key.startsWith(each));
  return prefix === undefined ? undefined : NAMED[prefix]?.(asked, key.slice(prefix.length));
}

/** `Baton <a@example.com>` is from `a@example.com`. */
function fromAddress({ input }: Call): string | undefined {
  const from = text(input['FromEmailAddress']);
  return from && (/<([^<>]+)>\s*$/.exec(from)?.[1] ?? from);
}

function resourceTag({ facts, permission }: Asked, name: string): Value {
  return byName(Object.fromEntries(facts?.tagsOf?.(permission.resource) ?? []), name);
}

/** Tags of a request come as a list of `Key` and `Value` in some spelling, or as a map. */
export function requestTags({ input }: Call): Record<string, string> {
  const specifications = list(input['TagSpecifications']).flatMap((each) =>
    list(isJsonObject(each) ? each['Tags'] : []),
  );
  const given = [...list(input['Tags']), ...list(input['tags']), ...specifications].filter(isJsonObject);
  const pairs = given.map((tag) => [
    text(tag['Key'] ?? tag['key'] ?? tag['TagKey']) ?? '',
    text(tag['Value'] ?? tag['value'] ?? tag['TagValue']) ?? '',
  ]);
  const map = [input['Tags'], input['tags']].filter(isJsonObject);
  return Object.assign({}, ...map, Object.fromEntries(pairs)) as Record<string, string>;
}

const encryptionContext = ({ input }: Call): JsonObject =>
  isJsonObject(input['EncryptionContext']) ? input['EncryptionContext'] : {};

/** `alias/...` where the request names its key by one. */
function requestAlias({ input }: Call): Value {
  return /(?:^|:)(alias\/.+)$/.exec(text(input['KeyId']) ?? '')?.[1];
}

function functionOfMapping({ caller, input }: Call): Value {
  const name = text(input['FunctionName']);
  if (name === undefined || name.startsWith('arn:')) return name;
  return `arn:${caller.partition}:lambda:${caller.region}:${caller.accountId}:function:${name}`;
}

/** The attributes that a request names; one that names none is about all of them, and the key is absent. */
function attributes({ input }: Call): string[] {
  const names = isJsonObject(input['ExpressionAttributeNames']) ? Object.values(input['ExpressionAttributeNames']) : [];
  const item = ['Item', 'Key'].flatMap((name) => (isJsonObject(input[name]) ? Object.keys(input[name]) : []));
  const projected = (text(input['ProjectionExpression']) ?? '').split(',').map((name) => name.trim());
  return [...names.map(String), ...item, ...projected.filter((name) => /^\w+$/.test(name))];
}

/** The partition keys of GetItem, PutItem and their like: the first attribute of the key, by convention of the callers here. */
function leadingKeys({ input }: Call): string[] {
  const key = isJsonObject(input['Key']) ? input['Key'] : undefined;
  const value = key === undefined ? undefined : Object.values(key)[0];
  const leading = isJsonObject(value) ? text(Object.values(value)[0]) : undefined;
  return leading === undefined ? [] : [leading];
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

function byName(values: JsonObject, lowerName: string): Value {
  return text(Object.entries(values).find(([name]) => name.toLowerCase() === lowerName)?.[1]);
}
