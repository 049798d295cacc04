import type { Place } from '../../kernel/service.ts';
import { arnOf, parseArn } from '../../kit/arn.ts';
import { invalidArn, invalidName } from './refusals.ts';

export type ResourceKind = 'activity' | 'execution' | 'express' | 'mapRun' | 'stateMachine';

/** An ARN of Step Functions, e.g. `arn:aws:states:us-east-1:000000000000:stateMachine:NAME:7`. */
export interface StatesArn {
  readonly text: string;
  readonly name: string;
  /** Of a state machine: a version's number or an alias's name. Of an execution: the execution's name. */
  readonly qualifier: string | undefined;
}

/** @throws {AwsError} InvalidArn for what is not an ARN of one of these kinds of resources */
export function readArn(text: string, ...kinds: readonly ResourceKind[]): StatesArn {
  if (!text.startsWith('arn:')) throw invalidArn(`Invalid ARN prefix: ${text}`);
  const arn = parseArn(text);
  const [kind, name, ...rest] = arn?.resource.split(':') ?? [];
  if (!arn?.region || !arn.accountId || !kind || !name) throw invalidArn(`Malformed ARN: ${text}`);
  if (arn.service !== 'states') throw invalidArn(`ARN service must be states: ${text}`);
  if (!kinds.some((known) => known === kind)) throw invalidArn(`Resource type not valid in this context: ${kind}`);
  return { text, name, qualifier: rest.length > 0 ? rest.join(':') : undefined };
}

/** E.g. `statesArn(world, 'execution', machineName, executionName)`. */
export const statesArn = (place: Place, kind: ResourceKind, ...names: readonly string[]): string =>
  arnOf(place, 'states', [kind, ...names].join(':'));

/** Without the version or alias. */
export const unqualified = (arn: StatesArn): string =>
  arn.qualifier === undefined ? arn.text : arn.text.slice(0, -arn.qualifier.length - 1);

/**
 * What IAM compares a version or alias with: its state machine's ARN. Any other text is returned unchanged.
 * [documented: Developer Guide, "Authorization for versions and aliases"]
 */
export const machineResource = (arn: string): string => arn.split(':', 7).join(':');

/** A number is a version; an alias has a letter, `_`, `-` or `.` in its name. */
export const isVersion = (qualifier: string): boolean => /^\d+$/.test(qualifier);

/** White space, brackets, wildcards, special characters and control characters. [documented: CreateStateMachine; recorded for labels] */
const REFUSED_IN_NAMES = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/;

/** The first character that a name, or a Map's label, may not have. */
export const refusedCharacter = (name: string): string | undefined => REFUSED_IN_NAMES.exec(name)?.[0];

/** @throws {AwsError} InvalidName */
export function checkName(name: string): void {
  if (refusedCharacter(name) !== undefined) throw invalidName(name);
}
