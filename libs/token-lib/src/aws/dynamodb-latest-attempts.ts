import * as z from 'zod/mini';
import { CallbackId } from '../wire/callback-id.ts';
import { parse } from '../wire/parse.ts';
import type { LatestAttempt, LatestAttempts } from '../ports.ts';
import { fromItem, type Item } from './attribute-values.ts';
import { latestAttemptItem, latestAttemptKey } from './callback-item.ts';
import { conditionalPut, getItem, type Table } from './conditional-put.ts';

const Head = z.object({
  workKey: z.string(),
  epoch: z.number(),
  callbackId: CallbackId,
  expiresAt: z.number(),
});

export function latestAttemptOf(item: Item): LatestAttempt {
  const { expiresAt, ...head } = parse(Head, fromItem(item), 'Unavailable');
  return { ...head, expiresAtSeconds: expiresAt };
}

export function dynamoDbLatestAttempts(table: Table): LatestAttempts {
  return {
    async read(workKey) {
      const item = await getItem(table, latestAttemptKey(workKey));
      return item && latestAttemptOf(item);
    },
    async replace(next, read) {
      const condition =
        read === undefined
          ? { expression: 'attribute_not_exists(pk)' }
          : { expression: 'callbackId = :read', values: { ':read': { S: read.callbackId } } };
      return (await conditionalPut(table, latestAttemptItem(next), condition)) === undefined;
    },
  };
}
