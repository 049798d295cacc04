/** The members that several actions have, and how DynamoDB refuses them. */
import type { Caller } from '../../kernel/service.ts';
import { arnOf } from '../../kit/arn.ts';
import { coral } from '../../kit/dialects.ts';
import {
  type Check,
  type Dialect,
  integer,
  json,
  list,
  oneOf,
  optional,
  required,
  structure,
  text,
} from '../../kit/reader.ts';
import { invalid } from './refusals.ts';

const words = coral();

/** Every member of a path has a small first letter, e.g. `keySchema.1.member.keyType` (recorded, by dynalite's suite). */
export const dialect: Dialect = {
  ...words,
  refuse: (violations) =>
    words.refuse(
      violations.map((violation) => ({
        ...violation,
        path: violation.path.replace(/(^|\.)[A-Z]/g, (first) => first.toLowerCase()),
      })),
    ),
};

const NAME = /[a-zA-Z0-9_.-]+/;

/** The name of a table, of which an ARN may be given (documented: PutItem, TableName). Item actions take names from 1 letter. */
const nameOf =
  (minLength: number): Check<string> =>
  (value, path, reading) => {
    const given =
      typeof value === 'string' && value.startsWith('arn:') ? value.slice(value.lastIndexOf('/') + 1) : value;
    return text({ min: minLength, max: 255, pattern: NAME })(given, path, reading);
  };

export const tableName = required(nameOf(1));
export const newTableName = required(nameOf(3));
export const indexName = text({ min: 3, max: 255, pattern: NAME });

export const tableArn = (caller: Caller, name: string): string => arnOf(caller, 'dynamodb', `table/${name}`);

export const returnConsumedCapacity = optional(oneOf(['INDEXES', 'TOTAL', 'NONE']));

/** The members of the first API, which expressions have replaced. They are refused, so that nobody thinks they had an effect. */
const LEGACY = {
  AttributesToGet: 'ProjectionExpression',
  AttributeUpdates: 'UpdateExpression',
  ConditionalOperator: 'ConditionExpression or FilterExpression',
  Expected: 'ConditionExpression',
  KeyConditions: 'KeyConditionExpression',
  QueryFilter: 'FilterExpression',
  ScanFilter: 'FilterExpression',
} as const;

export const legacyMembers = {
  AttributesToGet: optional(json),
  AttributeUpdates: optional(json),
  ConditionalOperator: optional(json),
  Expected: optional(json),
  KeyConditions: optional(json),
  QueryFilter: optional(json),
  ScanFilter: optional(json),
};

/** @throws {AwsError} ValidationException: recorded where an expression is given too, else local AWS's own words */
export function refuseLegacyMembers(request: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(LEGACY).filter((name) => request[name] !== undefined);
  const [first] = given;
  if (first === undefined) return;
  const expressions = Object.keys(request).filter((name) => /Expression$/.test(name) && request[name] !== undefined);
  if (expressions.length > 0) {
    throw invalid(
      'Can not use both expression and non-expression parameters in the same request: ' +
        `Non-expression parameters: {${given.join(', ')}} Expression parameters: {${expressions.join(', ')}}`,
    );
  }
  throw invalid(`Local AWS does not have the legacy parameter ${first}: use ${LEGACY[first as keyof typeof LEGACY]}`);
}

export const attributeDefinitions = list(
  structure({
    AttributeName: required(text({ min: 1, max: 255 })),
    AttributeType: required(oneOf(['B', 'N', 'S'])),
  }),
);

export const keySchema = list(
  structure({
    AttributeName: required(text({ min: 1, max: 255 })),
    KeyType: required(oneOf(['HASH', 'RANGE'])),
  }),
  { min: 1, max: 2 },
);

export const throughput = structure({
  ReadCapacityUnits: required(integer({ min: 1 })),
  WriteCapacityUnits: required(integer({ min: 1 })),
});

export const projection = structure({
  ProjectionType: optional(oneOf(['ALL', 'INCLUDE', 'KEYS_ONLY'])),
  NonKeyAttributes: optional(list(text({ min: 1, max: 255 }), { min: 1, max: 20 })),
});

export const localIndex = structure({
  IndexName: required(indexName),
  KeySchema: required(keySchema),
  Projection: required(projection),
});

export const globalIndex = structure({
  IndexName: required(indexName),
  KeySchema: required(keySchema),
  Projection: required(projection),
  ProvisionedThroughput: optional(throughput),
});
