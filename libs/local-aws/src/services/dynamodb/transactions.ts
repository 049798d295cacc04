import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { conditionalWrite, keyOf } from './conditional-write.ts';
import type { DynamoCall } from './dynalite.ts';

const ACTION_OF: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  // An update of nothing fails exactly where its condition does; that it may create the item is undone below.
  ConditionCheck: 'UpdateItem',
};

interface Step {
  readonly kind: string;
  readonly input: JsonObject;
  readonly key: unknown;
  readonly before: unknown;
}

/**
 * All or nothing, by undoing: the caller keeps other writers out meanwhile. A plain read in between may see half of it.
 * @throws {AwsError} TransactionCanceledException with a reason per item; ValidationException
 */
export async function transactWriteItems(dynamo: DynamoCall, input: JsonObject): Promise<JsonObject> {
  const steps: Step[] = [];
  for (const item of itemsOf(input)) steps.push(await prepare(dynamo, item));
  refuseRepeats(steps);

  const reasons: JsonObject[] = [];
  for (const { kind, input: write } of steps) reasons.push(await attempt(dynamo, ACTION_OF[kind] ?? '', write));
  const canceled = reasons.some((reason) => reason['Code'] !== 'None');
  for (const [index, step] of steps.entries()) {
    const applied = reasons[index]?.['Code'] === 'None';
    if (applied && (canceled || step.kind === 'ConditionCheck')) await restore(dynamo, step);
  }
  if (!canceled) return {};
  const codes = reasons.map((reason) => String(reason['Code'])).join(', ');
  throw new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    400,
    { CancellationReasons: reasons },
  );
}

export async function transactGetItems(dynamo: DynamoCall, input: JsonObject): Promise<JsonObject> {
  const responses: JsonObject[] = [];
  for (const item of itemsOf(input)) responses.push(await dynamo('GetItem', item['Get'] as JsonObject));
  return { Responses: responses.map(({ Item }) => (Item === undefined ? {} : { Item })) };
}

function itemsOf(input: JsonObject): JsonObject[] {
  const items = input['TransactItems'];
  if (!Array.isArray(items) || items.length < 1 || items.length > 100) {
    throw new AwsError('ValidationException', 'TransactItems must have length between 1 and 100');
  }
  return items as JsonObject[];
}

async function prepare(dynamo: DynamoCall, item: JsonObject): Promise<Step> {
  const [kind, input] = Object.entries(item)[0] as [string, JsonObject];
  if (ACTION_OF[kind] === undefined) {
    throw new AwsError('ValidationException', 'TransactItems can only contain one of Check, Put, Update or Delete');
  }
  const key = await keyOf(dynamo, input);
  const { Item } = await dynamo('GetItem', { TableName: input['TableName'], Key: key, ConsistentRead: true });
  return { kind, input, key, before: Item };
}

function refuseRepeats(steps: readonly Step[]): void {
  const names = new Set(steps.map(({ input, key }) => JSON.stringify([input['TableName'], key])));
  if (names.size === steps.length) return;
  throw new AwsError('ValidationException', 'Transaction request cannot include multiple operations on one item');
}

/** The reason that the write gives for cancelling; `None` where it was done. */
async function attempt(dynamo: DynamoCall, action: string, input: JsonObject): Promise<JsonObject> {
  try {
    await conditionalWrite(dynamo, action, input);
    return { Code: 'None' };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const code = error.code === 'ConditionalCheckFailedException' ? 'ConditionalCheckFailed' : 'ValidationError';
    return { Code: code, Message: error.message, ...error.details };
  }
}

async function restore(dynamo: DynamoCall, { input, key, before }: Step): Promise<void> {
  const { TableName } = input;
  if (before === undefined) await dynamo('DeleteItem', { TableName, Key: key });
  else await dynamo('PutItem', { TableName, Item: before });
}
