import {
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  paginateQuery,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { type Callback, isOpen, Operator, Reporter } from '../lifecycle/callback.ts';
import { CallbackId } from '../wire/callback-id.ts';
import { BatonError } from '../wire/errors.ts';
import { Outcome } from '../wire/outcome.ts';
import { parse } from '../wire/parse.ts';
import type { CallbackRecords, LosingOutcome } from '../ports.ts';
import { fromItem, type Item } from './attribute-values.ts';
import { callbackKey, callbackOf } from './callback-item.ts';
import type { Table } from './conditional-put.ts';
import { dynamoDbOpenCallbacks } from './dynamodb-open-callbacks.ts';

/** BatchGetItem's limit. */
const KEYS_A_CALL = 100;

const Kept = z.object({
  callbackId: CallbackId,
  verdict: z.enum(['late', 'conflict', 'rejected']),
  by: Reporter,
  operator: z.optional(Operator),
  outcome: Outcome,
  at: z.number(),
});

export function dynamoDbCallbackRecords(table: Table): CallbackRecords {
  const index = dynamoDbOpenCallbacks(table);
  return {
    async open({ executionArn, instanceId } = {}) {
      const ids = await (executionArn !== undefined
        ? index.ofExecution(executionArn)
        : instanceId !== undefined
          ? index.ofInstance(instanceId)
          : index.openKeys().then((keys) => keys.map(({ callbackId }) => callbackId)));
      const { rows, unreadable } = readRows(await getItems(table, ids));
      return { rows: rows.filter(isOpen), unreadable };
    },
    openKeys: () => index.openKeys(),
    rows: async (callbackIds) => readRows(await getItems(table, callbackIds)),
    async closed(after) {
      const { Items = [], LastEvaluatedKey } = await table.client.send(
        new ScanCommand({
          TableName: table.tableName,
          FilterExpression: 'sk = :row AND attribute_not_exists(openShard)',
          ExpressionAttributeValues: { ':row': callbackKey('').sk },
          ...(after !== undefined && { ExclusiveStartKey: JSON.parse(after) as Item }),
        }),
      );
      return { rows: readRows(Items).rows, next: LastEvaluatedKey && JSON.stringify(LastEvaluatedKey) };
    },
    async losingOutcomes(callbackId) {
      const pages = paginateQuery(
        { client: table.client },
        {
          TableName: table.tableName,
          KeyConditionExpression: 'pk = :id AND begins_with(sk, :late)',
          ExpressionAttributeValues: { ':id': { S: callbackId }, ':late': { S: 'late#' } },
          ConsistentRead: true,
        },
      );
      const found: LosingOutcome[] = [];
      for await (const { Items = [] } of pages) found.push(...Items.map(losingOutcomeOf));
      return found.sort((a, b) => a.at - b.at);
    },
  };
}

export const losingOutcomeOf = (item: Item): LosingOutcome => parse(Kept, fromItem(item), 'Unavailable');

/** The row, or the id of one that this version does not understand. */
function readRow(item: Item) {
  try {
    return callbackOf(item);
  } catch (error) {
    if (error instanceof BatonError) return item.pk?.S ?? '';
    throw error;
  }
}

function readRows(items: readonly Item[]): { rows: Callback[]; unreadable: CallbackId[] } {
  const read = items.map(readRow);
  return {
    rows: read.filter((row) => typeof row === 'object'),
    unreadable: read.filter((row) => typeof row === 'string'),
  };
}

/** In no order. What DynamoDB leaves over, by throttling or by size, is asked for again. */
async function getItems({ client, tableName }: Table, ids: readonly CallbackId[]): Promise<Item[]> {
  const found: Item[] = [];
  let keys: Item[] = ids.map(callbackKey);
  while (keys.length > 0) {
    const call: BatchGetItemCommandOutput = await client.send(
      new BatchGetItemCommand({
        RequestItems: { [tableName]: { Keys: keys.slice(0, KEYS_A_CALL), ConsistentRead: true } },
      }),
    );
    found.push(...(call.Responses?.[tableName] ?? []));
    keys = [...keys.slice(KEYS_A_CALL), ...(call.UnprocessedKeys?.[tableName]?.Keys ?? [])];
  }
  return found;
}
