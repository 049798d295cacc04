import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AwsError } from '../../kernel/aws-error.ts';
import { createLocalAws } from '../../local-aws.ts';
import type { JsonObject } from '../../kernel/service.ts';

/** A row under an optimistic version, as Baton writes them, and what a transaction of two of them is. */
type Step =
  | { readonly kind: 'insert' | 'replace' | 'remove' | 'add'; readonly row: string; readonly version: number }
  | { readonly kind: 'both'; readonly rows: readonly string[]; readonly version: number };

const rows = fc.constantFrom('a', 'b', 'c');
const versions = fc.integer({ min: 0, max: 3 });
const steps = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constantFrom('insert' as const, 'replace' as const, 'remove' as const, 'add' as const),
      row: rows,
      version: versions,
    }),
    fc.record({
      kind: fc.constant('both' as const),
      rows: fc.uniqueArray(rows, { minLength: 2, maxLength: 2 }),
      version: versions,
    }),
  ),
  { maxLength: 40 },
);

const TableName = 'rows';
const isVersion = (version: number): JsonObject => ({
  ConditionExpression: '#v = :read',
  ExpressionAttributeNames: { '#v': 'version' },
  ExpressionAttributeValues: { ':read': { N: String(version) } },
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
});
const itemOf = (row: string, version: number): JsonObject => ({ pk: { S: row }, version: { N: String(version) } });
const keyOf = (row: string): JsonObject => ({ pk: { S: row } });

/** The write that a step is, and what it makes of a model: undefined where its condition does not hold. */
function writeOf(
  step: Exclude<Step, { kind: 'both' }>,
): [string, JsonObject, (version?: number) => number | null | undefined] {
  const { kind, row, version } = step;
  const next = version + 1;
  switch (kind) {
    case 'insert':
      return [
        'PutItem',
        {
          Item: itemOf(row, 0),
          ConditionExpression: 'attribute_not_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
        (now) => (now === undefined ? 0 : undefined),
      ];
    case 'replace':
      return [
        'PutItem',
        { Item: itemOf(row, next), ...isVersion(version) },
        (now) => (now === version ? next : undefined),
      ];
    case 'remove':
      return ['DeleteItem', { Key: keyOf(row), ...isVersion(version) }, (now) => (now === version ? null : undefined)];
    case 'add': {
      const ExpressionAttributeValues = { ':read': { N: String(version) }, ':one': { N: '1' } };
      const input = {
        Key: keyOf(row),
        UpdateExpression: 'ADD #v :one',
        ...isVersion(version),
        ExpressionAttributeValues,
      };
      return ['UpdateItem', input, (now) => (now === version ? next : undefined)];
    }
  }
}

test('conditional writes, alone and in transactions, do what a map under a lock does', async () => {
  const aws = createLocalAws({ clock: 'manual' });
  const call = (action: string, input: JsonObject) => aws.call(`dynamodb:${action}`, { TableName, ...input });
  const outcome = async (work: Promise<JsonObject>) => {
    try {
      await work;
      return 'done';
    } catch (error) {
      if (error instanceof AwsError) return { code: error.code, ...error.details };
      throw error;
    }
  };
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      await call('CreateTable', {
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      });
      const model = new Map<string, number>();
      const old = (row: string) => {
        const version = model.get(row);
        return version === undefined ? {} : { Item: itemOf(row, version) };
      };
      for (const step of sequence) {
        if (step.kind !== 'both') {
          const [action, input, apply] = writeOf(step);
          const next = apply(model.get(step.row));
          const expected = next === undefined ? { code: 'ConditionalCheckFailedException', ...old(step.row) } : 'done';
          expect(await outcome(call(action, input))).toEqual(expected);
          if (next === null) model.delete(step.row);
          else if (next !== undefined) model.set(step.row, next);
          continue;
        }
        const holds = step.rows.map((row) => model.get(row) === step.version);
        const TransactItems = step.rows.map((row) => ({
          Put: { TableName, Item: itemOf(row, step.version + 1), ...isVersion(step.version) },
        }));
        const CancellationReasons = step.rows.map((row, index) =>
          holds[index]
            ? { Code: 'None' }
            : { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', ...old(row) },
        );
        const expected = holds.every(Boolean) ? 'done' : { code: 'TransactionCanceledException', CancellationReasons };
        expect(await outcome(call('TransactWriteItems', { TransactItems }))).toEqual(expected);
        if (expected === 'done') for (const row of step.rows) model.set(row, step.version + 1);
      }
      const { Items } = await call('Scan', {});
      const kept = [...model].map(([row, version]) => JSON.stringify(itemOf(row, version)));
      expect((Items as JsonObject[]).map((item) => JSON.stringify(item)).sort()).toEqual(kept.sort());
      await call('DeleteTable', {});
    }),
  );
  await aws.close();
});
