import { action } from '../../kit/action.ts';
import { json, list, type Members, optional, required, structure, text } from '../../kit/reader.ts';
import { parseItem } from './attribute-value.ts';
import { addUsage, itemReadUnits, noIndexes, transactionCapacity, type Usage } from './capacity.ts';
import { readExpressions } from './expressions/expressions.ts';
import { project } from './expressions/project.ts';
import { refuseNestedKeys } from './item-write.ts';
import { checkKey } from './key-schema.ts';
import { returnConsumedCapacity, tableArn, tableName } from './members.ts';
import type { Tables } from './tables.ts';

/** Documented: TransactGetItems. */
const MAX_ITEMS = 100;

const GET = {
  TransactItems: required(
    list(
      structure({
        Get: required(
          structure({
            TableName: tableName,
            Key: required(json),
            ProjectionExpression: optional(text()),
            ExpressionAttributeNames: optional(json),
          }),
        ),
      }),
      { min: 1, max: MAX_ITEMS },
    ),
  ),
  ReturnConsumedCapacity: returnConsumedCapacity,
};

export const transactGetAction = (tables: Tables) => ({
  TransactGetItems: action(GET, {
    resources: ({ TransactItems }, caller) => TransactItems.map(({ Get }) => tableArn(caller, Get.TableName)),
    evidence: 'documented',
    run: (request) => transactGet(tables, request),
  }),
});

function transactGet(tables: Tables, { TransactItems, ReturnConsumedCapacity: asked }: Members<typeof GET>) {
  const usages = new Map<string, Usage>();
  const Responses = TransactItems.map(({ Get }) => {
    const key = parseItem(Get.Key);
    const { projection } = readExpressions(Get, ['ProjectionExpression']);
    const { name, items } = tables.forItems(Get.TableName);
    checkKey(key, items.schema);
    refuseNestedKeys(projection ?? [], items);
    const entry = items.find(key);
    const usage = { table: itemReadUnits(entry?.bytes ?? 0, true), indexes: noIndexes };
    const earlier = usages.get(name);
    usages.set(name, earlier ? addUsage(earlier, usage) : usage);
    return entry ? { Item: projection ? project(entry.item, projection) : entry.item } : {};
  });
  const ConsumedCapacity = [...usages].flatMap(([name, usage]) =>
    transactionCapacity(name, usage, asked, 'ReadCapacityUnits'),
  );
  return { Responses, ...(ConsumedCapacity.length > 0 && { ConsumedCapacity }) };
}
