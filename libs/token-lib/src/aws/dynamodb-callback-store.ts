import { BatonError } from '../wire/errors.ts';
import type { CallbackStore } from '../ports.ts';
import {
  callbackItem,
  callbackKey,
  callbackOf,
  losingOutcomeItem,
  workItem,
  workKey,
  workOfItem,
} from './callback-item.ts';
import { conditionalPut, getItem, type Table } from './conditional-put.ts';

/** Rows under optimistic versions: the loser of a race is told the winner (ReturnValuesOnConditionCheckFailure). */
export function dynamoDbCallbackStore(table: Table): CallbackStore {
  return {
    async insert(row) {
      const large = workItem(row);
      // First, so that no row is without its work. The same token has the same work: who comes second changes nothing.
      if (large !== undefined) await conditionalPut(table, large, { expression: 'attribute_not_exists(pk)' });
      const existing = await conditionalPut(table, callbackItem(row), { expression: 'attribute_not_exists(pk)' });
      if (existing === 'gone')
        throw new BatonError('Contention', 'the callback vanished while it was stored; try again');
      return existing && callbackOf(existing);
    },
    async read(callbackId) {
      const item = await getItem(table, callbackKey(callbackId));
      return item && callbackOf(item);
    },
    async workOf({ callbackId, work }) {
      if (work !== 'apart') return work;
      const item = await getItem(table, workKey(callbackId));
      if (item === undefined) throw new BatonError('Unavailable', 'the work of the callback is not stored any more');
      return workOfItem(item);
    },
    async replace(next) {
      const winner = await conditionalPut(table, callbackItem(next), {
        expression: '#version = :read',
        names: { '#version': 'version' },
        values: { ':read': { N: String(next.version - 1) } },
      });
      if (winner === 'gone') throw new BatonError('Forbidden', 'there is no such callback any more');
      return winner && callbackOf(winner);
    },
    async recordLosingOutcome(outcome) {
      await conditionalPut(table, losingOutcomeItem(outcome), { expression: 'attribute_not_exists(pk)' });
    },
  };
}
