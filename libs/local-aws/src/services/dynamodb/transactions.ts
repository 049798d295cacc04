import { AwsError } from '../../kernel/aws-error.ts';
import type { Clock } from '../../kernel/clock/clock.ts';
import { action } from '../../kit/action.ts';
import { type Check, json, list, type Members, oneOf, optional, required, structure, text } from '../../kit/reader.ts';
import { type Item, parseItem } from './attribute-value.ts';
import { addUsage, type ReturnConsumedCapacity, transactionCapacity, type Usage, writeUsage } from './capacity.ts';
import { createClientTokens } from './client-tokens.ts';
import { tieOf } from './entries.ts';
import { type GivenExpressions, readExpressions } from './expressions/expressions.ts';
import { itemSize } from './item-size.ts';
import { commit, type ItemWrite, type PlannedWrite, planWrite } from './item-write.ts';
import { placeOf } from './key-schema.ts';
import { returnConsumedCapacity, tableArn, tableName } from './members.ts';
import { invalid } from './refusals.ts';
import type { Table, Tables } from './tables.ts';

/** Documented: TransactWriteItems. */
const MAX_ACTIONS = 100;
const MAX_BYTES = 4 * 1024 * 1024;

const CONDITIONAL = {
  TableName: tableName,
  ExpressionAttributeNames: optional(json),
  ExpressionAttributeValues: optional(json),
  ReturnValuesOnConditionCheckFailure: optional(oneOf(['ALL_OLD', 'NONE'])),
};
const OPTIONAL_CONDITION = { ...CONDITIONAL, ConditionExpression: optional(text()) };
const WRITE_ITEM = structure({
  ConditionCheck: optional(structure({ ...CONDITIONAL, Key: required(json), ConditionExpression: required(text()) })),
  Put: optional(structure({ ...OPTIONAL_CONDITION, Item: required(json) })),
  Delete: optional(structure({ ...OPTIONAL_CONDITION, Key: required(json) })),
  Update: optional(structure({ ...OPTIONAL_CONDITION, Key: required(json), UpdateExpression: required(text()) })),
});
const WRITE = {
  TransactItems: required(list(WRITE_ITEM, { min: 1, max: MAX_ACTIONS })),
  ClientRequestToken: optional(text({ min: 1, max: 36 })),
  ReturnConsumedCapacity: returnConsumedCapacity,
  ReturnItemCollectionMetrics: optional(oneOf(['SIZE', 'NONE'])),
};
type WriteItem = typeof WRITE_ITEM extends Check<infer T> ? T : never;
type WriteRequest = Members<typeof WRITE>;

/** TransactWriteItems: every write is planned before any is carried out, and nothing can come between. */
export function transactWriteAction(tables: Tables, clock: Clock) {
  const tokens = createClientTokens(clock);
  return {
    TransactWriteItems: action(WRITE, {
      resources: ({ TransactItems }, caller) =>
        TransactItems.flatMap((item) => Object.values(item)).flatMap((given) =>
          given === undefined ? [] : [tableArn(caller, given.TableName)],
        ),
      evidence: 'documented',
      run({ ClientRequestToken: token, ...request }) {
        const isRepeated = token !== undefined && tokens.isRepeated(token, request.TransactItems);
        if (isRepeated) return {};
        const response = transactWrite(tables, request);
        if (token !== undefined) tokens.remember(token, request.TransactItems);
        return response;
      },
    }),
  };
}

function transactWrite(
  tables: Tables,
  { TransactItems, ReturnConsumedCapacity: asked }: Omit<WriteRequest, 'ClientRequestToken'>,
) {
  const writes = TransactItems.map((item) => readWrite(tables, item));
  refuseRepeats(writes);
  const attempts = writes.map(attempt);
  if (attempts.some(({ plan }) => plan === undefined)) throw canceled(attempts.map(({ reason }) => reason));
  const plans = attempts.map(({ plan }) => plan).filter((plan) => plan !== undefined);
  const bytes = plans.reduce((sum, { after }) => sum + (after ? itemSize(after) : 0), 0);
  // The limit is documented, its text guessed.
  if (bytes > MAX_BYTES) throw invalid('Collection size of the items in the transaction has exceeded 4 MB');
  const ConsumedCapacity = capacityOf(plans, asked);
  plans.forEach(commit);
  return ConsumedCapacity.length > 0 ? { ConsumedCapacity } : {};
}

/** @throws {AwsError} ValidationException for what is wrong without a look at the item */
function readWrite(tables: Tables, item: WriteItem): ItemWrite {
  const given = Object.values(item).filter((write) => write !== undefined);
  if (given.length !== 1) throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
  const { ConditionCheck: check, Put: put, Update: update, Delete: remove } = item;
  const read = (
    kind: ItemWrite['kind'],
    request: GivenExpressions & {
      readonly TableName: string;
      readonly ReturnValuesOnConditionCheckFailure?: string | undefined;
    },
    itemOrKey: unknown,
  ): ItemWrite => ({
    kind,
    given: parseItem(itemOrKey),
    expressions: readExpressions(
      request,
      kind === 'update' ? ['UpdateExpression', 'ConditionExpression'] : ['ConditionExpression'],
    ),
    table: tables.forItems(request.TableName),
    returnsItemOnFailure: request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
  });
  if (put) return read('put', put, put.Item);
  if (update) return read('update', update, update.Key);
  if (remove) return read('delete', remove, remove.Key);
  if (check) return read('check', check, check.Key);
  throw new TypeError('one of the four is given');
}

function refuseRepeats(writes: readonly ItemWrite[]): void {
  const seen = new Set<string>();
  for (const { table, given } of writes) {
    const place = placeOf(given, table.items.schema);
    if (place === undefined) continue;
    const name = `${table.name}/${tieOf(place)}`;
    if (seen.has(name)) throw invalid('Transaction request cannot include multiple operations on one item');
    seen.add(name);
  }
}

interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Item;
}

/** An empty key is refused at once; whatever else is wrong with an item cancels the transaction (recorded). */
function attempt(write: ItemWrite): { readonly plan: PlannedWrite | undefined; readonly reason: Reason } {
  try {
    return { plan: planWrite(write), reason: { Code: 'None' } };
  } catch (error) {
    if (!(error instanceof AwsError) || /^One or more parameter values are not valid/.test(error.message)) throw error;
    const Code = error.code === 'ConditionalCheckFailedException' ? 'ConditionalCheckFailed' : 'ValidationError';
    return { plan: undefined, reason: { Code, Message: error.message, ...error.details } };
  }
}

const canceled = (reasons: readonly Reason[]): AwsError =>
  new AwsError(
    'TransactionCanceledException',
    'Transaction cancelled, please refer cancellation reasons for specific reasons ' +
      `[${reasons.map(({ Code }) => Code).join(', ')}]`,
    400,
    { CancellationReasons: reasons },
  );

function capacityOf(plans: readonly PlannedWrite[], asked: ReturnConsumedCapacity): object[] {
  const usages = new Map<Table, Usage>();
  for (const { table, before, after } of plans) {
    const usage = writeUsage(before, after, table.items.schema, table.items.indexes.values());
    const earlier = usages.get(table);
    usages.set(table, earlier ? addUsage(earlier, usage) : usage);
  }
  return [...usages].flatMap(([table, usage]) => transactionCapacity(table.name, usage, asked, 'WriteCapacityUnits'));
}
