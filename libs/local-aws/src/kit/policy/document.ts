import { isJsonObject } from '../json-object.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { compileResource, type ResourcePattern } from './arn-pattern.ts';
import { compileCondition, type Condition } from './condition.ts';
import { compilePattern, type Pattern } from './pattern.ts';
import { parsePrincipals, type PrincipalPattern } from './principal.ts';

/** What a policy is attached to decides which elements its statements have. A trust policy is that of a role. */
export type PolicyKind = 'identity' | 'resource' | 'trust';

/** An element of a statement, or its opposite (`NotAction`, `NotResource`, `NotPrincipal`). */
interface Element<T> {
  readonly not: boolean;
  readonly patterns: readonly T[];
}

export interface ActionPattern {
  /** In small letters; undefined for every service. */
  readonly service: string | undefined;
  readonly name: Pattern;
}

export interface Statement {
  /** Counts from 0. */
  readonly index: number;
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Element<ActionPattern>;
  /** A trust policy has none: it is about its role. */
  readonly resources: Element<ResourcePattern> | undefined;
  /** An identity's policy has none: it is about its identity. */
  readonly principals: Element<PrincipalPattern> | undefined;
  readonly conditions: readonly Condition[];
}

export interface Policy {
  readonly statements: readonly Statement[];
}

/** Why a text is no policy, in the words of `MalformedPolicyDocument`. */
export class PolicyError extends Error {}

const SYNTAX = 'Syntax errors in policy.';
const VERSIONS = ['2008-10-17', '2012-10-17'];
const TOP = new Set(['Version', 'Id', 'Statement']);
const ELEMENTS = new Set(
  'Sid Effect Action NotAction Resource NotResource Principal NotPrincipal Condition'.split(' '),
);

/** @throws {PolicyError} [documented: IAM User Guide, "Grammar of the IAM JSON policy language"] */
export function parsePolicy(text: string, kind: PolicyKind): Policy {
  const document = parseJson(text);
  if (!isJsonObject(document) || Object.keys(document).some((name) => !TOP.has(name))) throw new PolicyError(SYNTAX);
  const { Version = '2008-10-17', Statement } = document;
  if (!VERSIONS.includes(String(Version))) throw new PolicyError('The policy must contain a valid version string');
  const given: unknown[] = Array.isArray(Statement) ? Statement : [Statement];
  if (given.length === 0 || !given.every(isJsonObject)) throw new PolicyError(SYNTAX);
  const statements = given.map((each, index) => parseStatement(each, index, kind, Version === '2012-10-17'));
  const sids = statements.flatMap(({ sid }) => (sid === undefined ? [] : [sid]));
  if (new Set(sids).size < sids.length) {
    throw new PolicyError('Statement IDs (SID) in a single policy must be unique.');
  }
  return { statements };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PolicyError('This policy contains invalid Json');
  }
}

function parseStatement(given: JsonObject, index: number, kind: PolicyKind, version2012: boolean): Statement {
  if (Object.keys(given).some((name) => !ELEMENTS.has(name))) throw new PolicyError(SYNTAX);
  const { Sid: sid, Effect: effect } = given;
  if (sid !== undefined && typeof sid !== 'string') throw new PolicyError(SYNTAX);
  if (kind === 'identity' && !/^[0-9A-Za-z]*$/.test(sid ?? '')) {
    throw new PolicyError(
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    );
  }
  if (effect !== 'Allow' && effect !== 'Deny') throw new PolicyError(SYNTAX);
  const actions = parseElement(given, 'Action', parseAction);
  if (actions === undefined) throw new PolicyError('Policy statement must contain actions.');
  return {
    index,
    sid,
    effect,
    actions,
    resources: parseResources(given, kind, version2012),
    principals: parsePrincipalElement(given, kind, effect),
    conditions: parseConditions(given['Condition'], version2012),
  };
}

/** `Action` or `NotAction`, never both; a text or a list of them that is not empty. */
function parseElement<T>(given: JsonObject, name: string, parse: (text: string) => T): Element<T> | undefined {
  const [value, opposite] = [given[name], given[`Not${name}`]];
  if (value === undefined && opposite === undefined) return undefined;
  if (value !== undefined && opposite !== undefined) throw new PolicyError(SYNTAX);
  const texts = textsOf(value ?? opposite);
  if (texts.length === 0) return undefined;
  return { not: value === undefined, patterns: texts.map(parse) };
}

function textsOf(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.map((each) => {
    if (typeof each !== 'string') throw new PolicyError(SYNTAX);
    return each;
  });
}

/** Actions know no case. */
function parseAction(text: string): ActionPattern {
  const rules = { variables: false, wildcards: true };
  if (text === '*') return { service: undefined, name: compilePattern('*', rules) };
  const [, service, name] = /^([a-z0-9-]+|\*):([a-z0-9*?]+)$/.exec(text.toLowerCase()) ?? [];
  if (service === undefined || name === undefined) {
    throw new PolicyError('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
  }
  return { service: service === '*' ? undefined : service, name: compilePattern(name, rules) };
}

function parseResources(given: JsonObject, kind: PolicyKind, version2012: boolean): Statement['resources'] {
  const resources = parseElement(given, 'Resource', (text) => {
    const pattern = compileResource(text, version2012);
    if (!pattern.everything && !text.startsWith('arn:')) {
      throw new PolicyError(`Resource ${text} must be in ARN format or "*".`);
    }
    return pattern;
  });
  if (kind === 'trust') {
    if (resources !== undefined) throw new PolicyError('Has prohibited field Resource');
  } else if (resources === undefined) throw new PolicyError('Policy statement must contain resources.');
  return resources;
}

function parsePrincipalElement(given: JsonObject, kind: PolicyKind, effect: string): Statement['principals'] {
  const { Principal, NotPrincipal } = given;
  if (kind === 'identity') {
    if (Principal === undefined && NotPrincipal === undefined) return undefined;
    throw new PolicyError('Policy document should not specify a principal.');
  }
  if (Principal === undefined && NotPrincipal === undefined) throw new PolicyError('Missing required field Principal');
  if (NotPrincipal !== undefined && (Principal !== undefined || kind === 'trust' || effect === 'Allow')) {
    throw new PolicyError('NotPrincipal stands alone, with Deny, and in no trust policy.');
  }
  const patterns = parsePrincipals(Principal ?? NotPrincipal);
  if (patterns === undefined) {
    throw new PolicyError(`Invalid principal in policy: ${JSON.stringify(Principal ?? NotPrincipal)}`);
  }
  return { not: Principal === undefined, patterns };
}

function parseConditions(block: unknown, version2012: boolean): Condition[] {
  if (block === undefined) return [];
  if (!isJsonObject(block)) throw new PolicyError(SYNTAX);
  return Object.entries(block).flatMap(([operator, keys]) => {
    if (!isJsonObject(keys)) throw new PolicyError(SYNTAX);
    return Object.entries(keys).map(([key, value]) => {
      const condition = compileCondition(operator, key, expectedOf(value), version2012);
      if (condition === undefined) throw new PolicyError(`Invalid Condition type : ${operator}.`);
      return condition;
    });
  });
}

/** Numbers and booleans may stand without quotes. */
function expectedOf(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.map((each) => {
    if (typeof each === 'string') return each;
    if (typeof each === 'number' || typeof each === 'boolean') return String(each);
    throw new PolicyError(SYNTAX);
  });
}
