import { paginateQuery } from '@aws-sdk/client-dynamodb';
import type { CallbackId } from '../wire/callback-id.ts';
import type { CallbackRecords, OpenCallbacks } from '../ports.ts';
import type { Item } from './attribute-values.ts';
import { settlingShard, SHARDS } from './callback-item.ts';
import type { Table } from './conditional-put.ts';

interface Query {
  readonly index: 'due' | 'open' | 'byExecution' | 'byInstance';
  readonly condition: string;
  readonly values: Item;
  readonly limit?: number;
}

export interface DynamoDbOpenCallbacks extends OpenCallbacks, Pick<CallbackRecords, 'openKeys'> {}

export function dynamoDbOpenCallbacks({ client, tableName }: Table): DynamoDbOpenCallbacks {
  async function query({ index, condition, values, limit = Infinity }: Query): Promise<Item[]> {
    const pages = paginateQuery(
      { client, ...(Number.isFinite(limit) && { pageSize: limit }) },
      {
        TableName: tableName,
        IndexName: index,
        KeyConditionExpression: condition,
        ExpressionAttributeValues: values,
      },
    );
    const found: Item[] = [];
    for await (const { Items = [] } of pages) {
      found.push(...Items);
      if (found.length >= limit) break;
    }
    return found;
  }

  const inEachShard = async (find: (shard: string) => Promise<Item[]>): Promise<Item[]> =>
    (await Promise.all(Array.from({ length: SHARDS }, (_, shard) => find(String(shard))))).flat();

  const idsOf = (items: readonly Item[]): CallbackId[] => items.flatMap((item) => item.pk?.S ?? []);

  /** Outcomes that are to be told come first, then the longest overdue. */
  async function itemsDue(now: number, limit: number): Promise<Item[]> {
    const dueIn = (shard: string) =>
      query({
        index: 'due',
        condition: 'dueShard = :shard AND dueAt <= :now',
        values: { ':shard': { S: shard }, ':now': { N: String(now) } },
        limit,
      });
    const found = [inEachShard((shard) => dueIn(settlingShard(shard))), inEachShard(dueIn)];
    const [settling = [], others = []] = (await Promise.all(found)).map((items) =>
      items.sort((a, b) => Number(a.dueAt?.N) - Number(b.dueAt?.N)),
    );
    return [...settling, ...others].slice(0, limit);
  }

  return {
    due: async (now, limit) => idsOf(await itemsDue(now, limit)),
    async openKeys() {
      // Every open row has a time at which it is due (L6): what is due at the end of time is all of them.
      const items = await itemsDue(Number.MAX_SAFE_INTEGER, Infinity);
      return items.flatMap(({ pk, dueAt }) =>
        pk?.S === undefined ? [] : [{ callbackId: pk.S, dueAt: Number(dueAt?.N) }],
      );
    },
    async oldest() {
      const items = await inEachShard((shard) =>
        query({ index: 'open', condition: 'openShard = :shard', values: { ':shard': { S: shard } }, limit: 1 }),
      );
      const times = items.map((item) => Number(item.createdAt?.N));
      return times.length === 0 ? undefined : Math.min(...times);
    },
    async ofExecution(executionArn) {
      const values = { ':arn': { S: executionArn } };
      return idsOf(await query({ index: 'byExecution', condition: 'openExecutionArn = :arn', values }));
    },
    async ofInstance(instanceId) {
      const values = { ':id': { S: instanceId } };
      return idsOf(await query({ index: 'byInstance', condition: 'openInstanceId = :id', values }));
    },
  };
}
