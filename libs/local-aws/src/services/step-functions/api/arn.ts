import { invalidArn, invalidName } from './refusals.ts';

/** An ARN of Step Functions, e.g. `arn:aws:states:us-east-1:000000000000:stateMachine:NAME:7`. */
export interface StatesArn {
  readonly text: string;
  readonly resourceType: string;
  readonly name: string;
  /** Of a state machine: a version's number or an alias's name. Of an execution: the execution's name. */
  readonly qualifier: string | undefined;
}

/** @throws {AwsError} InvalidArn where it is none, or of another kind of resource */
export function parseArn(text: string, ...resourceTypes: readonly string[]): StatesArn {
  const [prefix, partition, service, region, account, resourceType, name, ...rest] = text.split(':');
  if (prefix !== 'arn') throw invalidArn(`Invalid ARN prefix: ${text}`);
  if (!partition || !region || !account || !resourceType || !name) throw invalidArn(`Malformed ARN: ${text}`);
  if (service !== 'states') throw invalidArn(`ARN service must be states: ${text}`);
  if (!resourceTypes.includes(resourceType)) {
    throw invalidArn(`Resource type not valid in this context: ${resourceType}`);
  }
  return { text, resourceType, name, qualifier: rest.length > 0 ? rest.join(':') : undefined };
}

export function formatArn(place: { region: string; accountId: string }, ...resource: readonly string[]): string {
  return `arn:aws:states:${place.region}:${place.accountId}:${resource.join(':')}`;
}

/** Without the version or alias. */
export const unqualified = (arn: StatesArn): string =>
  arn.qualifier === undefined ? arn.text : arn.text.slice(0, -arn.qualifier.length - 1);

/** A number is a version; an alias has a letter, `_`, `-` or `.` in its name. */
export const isVersion = (qualifier: string): boolean => /^\d+$/.test(qualifier);

/** White space, brackets, wildcards, special characters and control characters are refused. */

const REFUSED_IN_NAMES = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/;

/** @throws {AwsError} InvalidName */
export function checkName(name: string): void {
  if (REFUSED_IN_NAMES.test(name)) throw invalidName(name);
}
