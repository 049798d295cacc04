import { compilePattern, hasVariable, hasWildcard, isResolved, isStar, matches, splitPattern } from './pattern.ts';
import type { Pattern, PatternRules, Resolve } from './pattern.ts';

const PARTS = 6;

/** `arn`, partition, service, region, account, and all that follows. Undefined for what is not an ARN. */
export function splitArn(arn: string): string[] | undefined {
  const parts = arn.split(':');
  if (parts.length < PARTS || parts[0] !== 'arn') return undefined;
  return [...parts.slice(0, PARTS - 1), parts.slice(PARTS - 1).join(':')];
}

/** An ARN of the Resource element. */
export interface ResourcePattern {
  /** `*`: everything, and what has no ARN. */
  readonly everything: boolean;
  /** The parts of the ARN, or fewer where a star at the end of a part stands for all that follow. */
  readonly parts: readonly Pattern[];
}

/**
 * Each part is matched for itself; a star at the end of the ARN also stands for the parts that are left out. What is no ARN matches
 * nothing, nor does a wildcard in the service, nor a variable before the fifth colon. [documented: IAM User Guide, "Resource",
 * "Policy variables"]
 */
export function compileResource(text: string, version2012: boolean): ResourcePattern {
  const whole = compilePattern(text, { variables: version2012, wildcards: true });
  return { everything: isStar(whole), parts: splitPattern(whole, PARTS) };
}

export function matchesResource(
  { everything, parts }: ResourcePattern,
  arn: readonly string[] | undefined,
  resolve: Resolve,
): boolean {
  if (everything) return true;
  if (arn === undefined || !isWellFormed(parts)) return false;
  const last = parts.length - 1;
  return parts.every((part, index) => {
    const text = index === last ? arn.slice(index).join(':') : (arn[index] as string);
    return matches(part, text, resolve);
  });
}

/** Whether a variable of the ARN has no value. Who is to be spared is not known then. [documented: IAM User Guide, "Policy variables"] */
export const lacksValue = ({ parts }: ResourcePattern, resolve: Resolve): boolean =>
  parts.some((part) => !isResolved(part, resolve));

function isWellFormed(parts: readonly Pattern[]): boolean {
  const [arn, , service] = parts;
  if (arn?.literal !== 'arn' || service === undefined || hasWildcard(service)) return false;
  if (parts.slice(0, PARTS - 1).some(hasVariable)) return false;
  return parts.length === PARTS || parts.at(-1)?.source.endsWith('*') === true;
}

/**
 * `ArnLike` and `ArnEquals`, which do the same: each of the six parts is matched for itself. [documented: IAM User Guide, "Condition
 * operators"]
 */
export function compileArnCondition(text: string, rules: PatternRules): (arn: string, resolve: Resolve) => boolean {
  const parts = splitPattern(compilePattern(text, rules), PARTS);
  return (given, resolve) => {
    const arn = splitArn(given);
    if (arn === undefined || parts.length !== PARTS) return false;
    return parts.every((part, index) => matches(part, arn[index] as string, resolve));
  };
}
