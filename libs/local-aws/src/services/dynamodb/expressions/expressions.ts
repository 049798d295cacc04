import { invalid } from '../refusals.ts';
import { bindCondition } from './bind-condition.ts';
import { bindUpdate } from './bind-update.ts';
import { refuseOverlaps } from './document-paths.ts';
import { parseProjection } from './parse-projection.ts';
import { type Placeholders, readPlaceholders, refuseReservedWords } from './placeholders.ts';
import { remembered } from './remembered.ts';
import { type Bound, type Change, type Condition, ExpressionProblem, type Path } from './syntax.ts';

/** The members of a request that are expressions or belong to them. */
export interface GivenExpressions {
  readonly UpdateExpression?: string | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly KeyConditionExpression?: string | undefined;
  readonly FilterExpression?: string | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: unknown;
  readonly ExpressionAttributeValues?: unknown;
}

type ExpressionName = Exclude<keyof GivenExpressions, 'ExpressionAttributeNames' | 'ExpressionAttributeValues'>;

export interface Expressions {
  readonly update: readonly Change<Bound>[] | undefined;
  readonly condition: Condition<Bound> | undefined;
  readonly keyCondition: Condition<Bound> | undefined;
  readonly filter: Condition<Bound> | undefined;
  readonly projection: readonly Path[] | undefined;
}

/**
 * Reads the expressions of a request. `allowed` names those that its action has.
 * @throws {AwsError} ValidationException: texts and order recorded by dynalite's suite
 */
export function readExpressions(given: GivenExpressions, allowed: readonly ExpressionName[]): Expressions {
  refuseWithoutExpression(given, allowed);
  const placeholders = readPlaceholders(given.ExpressionAttributeNames, given.ExpressionAttributeValues);
  const read = <T>(
    name: ExpressionName,
    bind: (expression: string, placeholders: Placeholders) => T,
  ): T | undefined => {
    const expression = given[name];
    if (expression === undefined) return undefined;
    try {
      return bind(expression, placeholders);
    } catch (error) {
      throw error instanceof ExpressionProblem ? invalid(`Invalid ${name}: ${error.message}`) : error;
    }
  };
  const expressions = {
    update: read('UpdateExpression', bindUpdate),
    condition: read('ConditionExpression', bindCondition),
    keyCondition: read('KeyConditionExpression', bindCondition),
    filter: read('FilterExpression', bindCondition),
    projection: read('ProjectionExpression', bindProjection),
  };
  placeholders.refuseUnused();
  return expressions;
}

function refuseWithoutExpression(given: GivenExpressions, allowed: readonly ExpressionName[]): void {
  if (given.ExpressionAttributeNames != null && allowed.every((name) => given[name] === undefined)) {
    throw invalid('ExpressionAttributeNames can only be specified when using expressions');
  }
  const withValues = allowed.filter((name) => name !== 'ProjectionExpression');
  if (given.ExpressionAttributeValues == null || withValues.some((name) => given[name] !== undefined)) return;
  const verb = withValues.length > 1 ? 'are' : 'is';
  throw invalid(
    `ExpressionAttributeValues can only be specified when using expressions: ${withValues.join(' and ')} ${verb} null`,
  );
}

function bindProjection(expression: string, placeholders: Placeholders): Path[] {
  const paths = checkedProjection(expression).map((path) => placeholders.path(path));
  refuseOverlaps(paths);
  return paths;
}

const checkedProjection = remembered((expression) => {
  const written = parseProjection(expression);
  for (const path of written) refuseReservedWords(path);
  return written;
});
