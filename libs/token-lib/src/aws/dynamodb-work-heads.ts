import * as z from 'zod/mini';
import { CallbackId } from '../callback-id.ts';
import { BatonError } from '../errors.ts';
import { parse } from '../parse.ts';
import type { WorkHead, WorkHeads } from '../ports.ts';
import { fromItem, type Item } from './attribute-values.ts';
import { headItem, headKey } from './callback-item.ts';
import { conditionalPut, getItem, type Table } from './conditional-put.ts';

const Head = z.object({
  workKey: z.string(),
  epoch: z.number(),
  callbackId: CallbackId,
  supersedes: z.optional(CallbackId),
  expiresAt: z.number(),
});

function headOf(item: Item): WorkHead {
  const { expiresAt, ...head } = parse(Head, fromItem(item));
  return { ...head, expiresAtSeconds: expiresAt };
}

const MOST_LOSSES = 20;

export function dynamoDbWorkHeads(table: Table): WorkHeads {
  return {
    async lead(candidate) {
      let item = await getItem(table, headKey(candidate.workKey));
      for (let losses = 0; losses < MOST_LOSSES; losses++) {
        const standing = item && headOf(item);
        if (standing !== undefined && standing.epoch >= candidate.epoch) return standing;
        const head: WorkHead = { ...candidate, supersedes: standing?.callbackId };
        const winner = await conditionalPut(
          table,
          headItem(head),
          standing === undefined
            ? { expression: 'attribute_not_exists(pk)' }
            : { expression: 'callbackId = :read', values: { ':read': { S: standing.callbackId } } },
        );
        if (winner === undefined) return head;
        item = winner === 'gone' ? undefined : winner;
      }
      throw new BatonError('Contention', 'the work changed hands faster than it could be written; try again');
    },
  };
}
