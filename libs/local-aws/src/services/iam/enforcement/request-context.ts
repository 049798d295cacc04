/**
 * The condition keys of a request, looked up when a policy asks. Keys that are not here are not known: a statement that asks for one allows
 * nothing and denies. [documented: IAM User Guide, "Global condition context keys"; Service Authorization Reference]
 */
import type { Call } from '../../../kernel/call.ts';
import type { Millis } from '../../../kernel/clock/clock.ts';
import type { Caller, ResourceFacts } from '../../../kernel/service.ts';
import { parseArn } from '../../../kit/arn.ts';
import type { Context, ContextValue } from '../../../kit/policy/condition.ts';
import type { Role } from '../roles.ts';
import type { Permission } from './permissions.ts';
import { requestTags, serviceKey, SERVICE_KEYS, SERVICE_PREFIXES } from './service-keys.ts';

/** What a key is looked up in. */
export interface Asked {
  readonly call: Call;
  readonly permission: Permission;
  readonly now: Millis;
  readonly callerRole: Role | undefined;
  /** What the resource's service knows of it. */
  readonly facts: ResourceFacts | undefined;
}

export type Value = ContextValue | undefined;
type Lookup = (asked: Asked) => Value;

const isService = ({ principalArn }: Caller): boolean => /\.amazonaws\.com(\.cn)?$/.test(principalArn);
const ifService =
  (lookup: Lookup): Lookup =>
  (asked) =>
    isService(asked.call.caller) ? lookup(asked) : undefined;
const ifNamed =
  (lookup: Lookup): Lookup =>
  (asked) =>
    isService(asked.call.caller) || asked.call.caller.principalArn === '*' ? undefined : lookup(asked);

const isoSeconds = (time: Millis): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');

/** There is no MFA, no VPC endpoint and no organization here, and none of the calls is made by a service for its caller. */
const absent: Lookup = () => undefined;

const GLOBAL: Readonly<Record<string, Lookup>> = {
  'aws:currenttime': ({ now }) => isoSeconds(now),
  'aws:epochtime': ({ now }) => String(Math.floor(now / 1000)),
  // A request from this machine stands for one over TLS.
  'aws:securetransport': () => 'true',
  'aws:requestedregion': ({ call }) => call.caller.region,
  'aws:principalarn': ifNamed(({ call }) => call.caller.role?.roleArn ?? call.caller.principalArn),
  'aws:principalaccount': ifNamed(({ call }) => call.caller.accountId),
  'aws:principaltype': ({ call }) => principalType(call.caller),
  'aws:principalisawsservice': ({ call }) => String(isService(call.caller)),
  'aws:principalservicename': ifService(({ call }) => call.caller.principalArn),
  'aws:principalservicenameslist': ifService(({ call }) => [call.caller.principalArn]),
  'aws:userid': ifNamed(({ call }) => call.caller.userId ?? call.caller.accountId),
  'aws:username': absent,
  'aws:sourcearn': ifService(({ call }) => call.caller.sourceArn),
  'aws:sourceaccount': ifService(
    ({ call }) => parseArn(call.caller.sourceArn ?? '')?.accountId || call.caller.accountId,
  ),
  // Only of CloudWatch alarms and a few services that are not here.
  'aws:sourceowner': absent,
  'aws:sourceidentity': ({ call }) => call.caller.role?.sourceIdentity,
  'aws:resourceaccount': ({ call, permission }) => parseArn(permission.resource)?.accountId || call.caller.accountId,
  'aws:tagkeys': ({ call }) => tagKeys(call),
  'aws:viaawsservice': () => 'false',
  'aws:calledvia': absent,
  'aws:calledviafirst': absent,
  'aws:calledvialast': absent,
  'aws:multifactorauthpresent': absent,
  'aws:multifactorauthage': absent,
  'aws:principalorgid': absent,
  'aws:principalorgpaths': absent,
  'aws:resourceorgid': absent,
  'aws:sourceorgid': absent,
  'aws:sourcevpc': absent,
  'aws:sourcevpce': absent,
  'aws:vpcsourceip': absent,
};

const PREFIXES: Readonly<Record<string, (asked: Asked, rest: string) => Value>> = {
  'aws:principaltag/': ({ call, callerRole }, key) =>
    found(call.caller.role?.tags ?? {}, key) ?? found(Object.fromEntries(callerRole?.tags ?? []), key),
  'aws:requesttag/': ({ call }, key) => found(requestTags(call), key),
  'aws:resourcetag/': ({ facts, permission }, key) => found(tagsOf(facts, permission), key),
};

/** Whether a key, in small letters, has a meaning here. */
export const isKnownKey = (key: string): boolean =>
  Object.hasOwn(GLOBAL, key) ||
  Object.hasOwn(SERVICE_KEYS, key) ||
  [...Object.keys(PREFIXES), ...SERVICE_PREFIXES].some((prefix) => key.startsWith(prefix));

export function contextFor(asked: Asked): Context {
  return (key) => {
    const global = Object.hasOwn(GLOBAL, key) ? GLOBAL[key] : undefined;
    if (global) return global(asked);
    for (const [prefix, lookup] of Object.entries(PREFIXES)) {
      if (key.startsWith(prefix)) return lookup(asked, key.slice(prefix.length));
    }
    return serviceKey(asked, key);
  };
}

function principalType({ principalArn, role }: Caller): string {
  if (role !== undefined) return 'AssumedRole';
  if (principalArn === '*') return 'Anonymous';
  return principalArn.endsWith(':root') ? 'Account' : 'User';
}

export const tagsOf = (facts: ResourceFacts | undefined, { resource }: Permission): Readonly<Record<string, string>> =>
  Object.fromEntries(facts?.tagsOf?.(resource) ?? []);

function tagKeys(call: Call): Value {
  const keys = Object.keys(requestTags(call));
  const removed = call.input['TagKeys'] ?? call.input['tagKeys'];
  const all = [...keys, ...(Array.isArray(removed) ? removed.map(String) : [])];
  return all.length === 0 ? undefined : all;
}

/** The names of tags know no case where they stand in a condition key. */
export function found(values: Readonly<Record<string, string>>, lowerKey: string): string | undefined {
  return Object.entries(values).find(([key]) => key.toLowerCase() === lowerKey)?.[1];
}
