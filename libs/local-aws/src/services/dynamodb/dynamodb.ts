import type { Service, World } from '../../kernel/service.ts';
import { actionsIn } from '../../kit/action.ts';
import { batchActions } from './batch-actions.ts';
import { itemActions } from './item-actions.ts';
import { dialect } from './members.ts';
import { queryAction } from './query.ts';
import { scanAction } from './scan.ts';
import { settingsActions } from './settings-actions.ts';
import { tableActions } from './table-actions.ts';
import { createTables } from './tables.ts';
import { transactGetAction } from './transact-get.ts';
import { transactWriteAction } from './transactions.ts';
import { updateTableAction } from './update-table.ts';

/**
 * Amazon DynamoDB, kept in memory: tables with secondary indexes, items, expressions, pages and transactions, with AWS's own
 * refusals. An own table, because the one there was (dynalite) is not maintained, lacks transactions, UpdateTable, encryption
 * and the item that a condition failed on, and stores each item once per index as text: this one is synchronous, so that a
 * write is alone without a lock, shares each item between table and indexes, and is some ten times as fast.
 *
 * What is not as in AWS: changes of tables are done at once; global indexes do not lag behind their table; backups
 * are stored and not carried out; streams are described and have no records; the legacy parameters are refused.
 */
export function createDynamoDb(world: World): Service {
  const tables = createTables();
  return {
    id: 'dynamodb',
    resourceFacts: { tagsOf: (arn) => tables.find(arn.split('/')[1] ?? '')?.tags },
    actions: actionsIn(dialect, {
      ...tableActions(world, tables),
      ...updateTableAction(world, tables),
      ...settingsActions(tables),
      ...itemActions(tables),
      ...queryAction(tables),
      ...scanAction(tables),
      ...batchActions(tables),
      ...transactWriteAction(tables, world.clock),
      ...transactGetAction(tables),
    }),
  };
}
