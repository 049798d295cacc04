import { legacy, type LegacyAction as Action } from '../../kit/legacy.ts';
import type { JsonObject, Service, World } from '../../kernel/service.ts';
import { conditionalWrite } from './conditional-write.ts';
import { createDynalite, type DynamoCall } from './dynalite.ts';
import { transactGetItems, transactWriteItems } from './transactions.ts';
import { createTurns } from './turns.ts';

const READS = ['BatchGetItem', 'DescribeTable', 'GetItem', 'ListTables', 'ListTagsOfResource', 'Query', 'Scan'];
const WRITES = ['BatchWriteItem', 'DeleteTable', 'TagResource', 'UntagResource', 'UpdateTable'];
const CONDITIONAL_WRITES = ['DeleteItem', 'PutItem', 'UpdateItem'];

/**
 * DynamoDB by dynalite, and what that lacks: the old item of a failed condition, transactions, time to live and backups (both
 * stored, neither carried out). Writes take turns, so that a failed condition's item is the one that failed it and a
 * transaction is whole.
 */
export function createDynamoDb(world: World): Service {
  const dynamo = createDynalite(world.accountId, world.region);
  const turn = createTurns();
  const timeToLive = new Map<string, JsonObject>();
  const pointInTimeRecovery = new Set<string>();

  const actions: Record<string, Action> = {
    CreateTable: (input) =>
      turn(async () => {
        const output = await dynamo('CreateTable', input);
        await untilActive(dynamo, input['TableName']);
        return output;
      }),
    TransactWriteItems: (input) => turn(() => transactWriteItems(dynamo, input)),
    TransactGetItems: (input) => turn(() => transactGetItems(dynamo, input)),

    async UpdateTimeToLive(input) {
      const table = await describeTable(dynamo, input);
      const specification = input['TimeToLiveSpecification'] as JsonObject;
      if (specification['Enabled'] === true) {
        timeToLive.set(table, { TimeToLiveStatus: 'ENABLED', AttributeName: specification['AttributeName'] });
      } else timeToLive.delete(table);
      return { TimeToLiveSpecification: specification };
    },
    async DescribeTimeToLive(input) {
      const table = await describeTable(dynamo, input);
      return { TimeToLiveDescription: timeToLive.get(table) ?? { TimeToLiveStatus: 'DISABLED' } };
    },
    async UpdateContinuousBackups(input) {
      const table = await describeTable(dynamo, input);
      const specification = input['PointInTimeRecoverySpecification'] as JsonObject;
      if (specification['PointInTimeRecoveryEnabled'] === true) pointInTimeRecovery.add(table);
      else pointInTimeRecovery.delete(table);
      return continuousBackups(pointInTimeRecovery.has(table));
    },
    async DescribeContinuousBackups(input) {
      return continuousBackups(pointInTimeRecovery.has(await describeTable(dynamo, input)));
    },
  };
  for (const name of READS) actions[name] = (input) => dynamo(name, input);
  for (const name of WRITES) actions[name] = (input) => turn(() => dynamo(name, input));
  for (const name of CONDITIONAL_WRITES) actions[name] = (input) => turn(() => conditionalWrite(dynamo, name, input));
  return { id: 'dynamodb', actions: legacy(actions) };
}

/** @throws {AwsError} ResourceNotFoundException */
async function describeTable(dynamo: DynamoCall, input: JsonObject): Promise<string> {
  const { Table } = (await dynamo('DescribeTable', { TableName: input['TableName'] })) as {
    Table: { TableId: string };
  };
  return Table.TableId;
}

async function untilActive(dynamo: DynamoCall, TableName: unknown): Promise<void> {
  for (;;) {
    const { Table } = (await dynamo('DescribeTable', { TableName })) as { Table: { TableStatus: string } };
    if (Table.TableStatus === 'ACTIVE') return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

const continuousBackups = (enabled: boolean): JsonObject => ({
  ContinuousBackupsDescription: {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: enabled ? 'ENABLED' : 'DISABLED' },
  },
});
