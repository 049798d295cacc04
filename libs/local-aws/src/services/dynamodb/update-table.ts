import { AwsError } from '../../kernel/aws-error.ts';
import type { Caller, World } from '../../kernel/service.ts';
import { action } from '../../kit/action.ts';
import { flag, list, type Members, oneOf, opaque, optional, required, structure } from '../../kit/reader.ts';
import { describeTable, type Status } from './describe-table.ts';
import { attributeDefinitions, globalIndex, indexName, tableArn, tableName, throughput } from './members.ts';
import { invalid, invalidParameters } from './refusals.ts';
import { encryptionKey, encryptionMember, streamMember, streamSettings } from './table-options.ts';
import { checkGlobalIndex, checkThroughput, indexDefinition } from './table-rules.ts';
import type { AttributeDefinition, IndexSettings, TableSettings, Throughput } from './table-settings.ts';
import type { Table, Tables } from './tables.ts';

const INDEX_UPDATE = structure({
  Create: optional(globalIndex),
  Update: optional(
    structure({
      IndexName: required(indexName),
      ProvisionedThroughput: optional(throughput),
      OnDemandThroughput: optional(opaque),
    }),
  ),
  Delete: optional(structure({ IndexName: required(indexName) })),
});
type IndexUpdate = ReturnType<typeof INDEX_UPDATE>;

const UPDATE = {
  TableName: tableName,
  AttributeDefinitions: optional(attributeDefinitions),
  BillingMode: optional(oneOf(['PROVISIONED', 'PAY_PER_REQUEST'])),
  ProvisionedThroughput: optional(throughput),
  GlobalSecondaryIndexUpdates: optional(list(INDEX_UPDATE)),
  OnDemandThroughput: optional(opaque),
  StreamSpecification: optional(streamMember),
  SSESpecification: optional(encryptionMember),
  TableClass: optional(oneOf(['STANDARD', 'STANDARD_INFREQUENT_ACCESS'])),
  DeletionProtectionEnabled: optional(flag),
};
type UpdateRequest = Members<typeof UPDATE>;

/** UpdateTable. What AWS needs minutes for is done at once. */
export const updateTableAction = (world: World, tables: Tables) => ({
  UpdateTable: action(UPDATE, {
    resources: ({ TableName }, caller) => [tableArn(caller, TableName)],
    evidence: 'documented',
    run: (request, caller) => updateTable(world, tables, request, caller),
  }),
});

async function updateTable(world: World, tables: Tables, request: UpdateRequest, caller: Caller) {
  const updates = request.GlobalSecondaryIndexUpdates ?? [];
  refuseNothing(request);
  refuseOddUpdates(updates);
  // First, as nothing may come between reading the settings and writing them.
  const encryptionKeyArn = await encryptionKey(world, caller, request.SSESpecification);
  const table = tables.get(request.TableName);
  const before = table.settings;
  const billed = withBilling(before, request);
  const settings: TableSettings = {
    ...withIndexes(billed, updates, request.AttributeDefinitions ?? []),
    deletionProtection: request.DeletionProtectionEnabled ?? before.deletionProtection,
    tableClass: request.TableClass ?? before.tableClass,
    onDemandThroughput: request.OnDemandThroughput ?? before.onDemandThroughput,
    stream: streamSettings(request.StreamSpecification, before.stream, world.clock.now()),
    encryptionKeyArn: request.SSESpecification ? encryptionKeyArn : before.encryptionKeyArn,
  };
  changeIndexes(table, updates, settings);
  table.settings = settings;
  const deleted = updates.flatMap(({ Delete }) => (Delete ? [Delete.IndexName] : []));
  const shown = before.globalIndexes.filter(({ IndexName }) => deleted.includes(IndexName));
  const described = { ...table, settings: { ...settings, globalIndexes: [...settings.globalIndexes, ...shown] } };
  return { TableDescription: describeTable(described, 'UPDATING', new Map(updates.map(statusOf))) };
}

const statusOf = ({ Create, Update, Delete }: IndexUpdate): [string, Status] => {
  if (Create) return [Create.IndexName, 'CREATING'];
  return Delete ? [Delete.IndexName, 'DELETING'] : [Update?.IndexName ?? '', 'UPDATING'];
};

const CHANGES = [
  'BillingMode',
  'ProvisionedThroughput',
  'OnDemandThroughput',
  'StreamSpecification',
  'SSESpecification',
  'TableClass',
  'DeletionProtectionEnabled',
] as const;

function refuseNothing(request: UpdateRequest): void {
  const updates = request.GlobalSecondaryIndexUpdates ?? [];
  if (updates.length > 0 || CHANGES.some((name) => request[name] !== undefined)) return;
  throw invalid(
    'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or ' +
      'SSESpecification or ReplicaUpdates is required',
  );
}

function refuseOddUpdates(updates: readonly IndexUpdate[]): void {
  const names = updates.map(({ Create, Update, Delete }) => (Create ?? Update ?? Delete)?.IndexName);
  for (const [index, name] of names.entries()) {
    if (name === undefined) {
      throw invalidParameters(
        'One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, ' +
          'GlobalSecondaryIndexUpdate.Delete must not be null',
      );
    }
    if (names.indexOf(name) < index) {
      throw invalidParameters(
        `Only one global secondary index update per index is allowed simultaneously. Index: ${name}`,
      );
    }
  }
  if (updates.filter(({ Create, Delete }) => Create ?? Delete).length > 1) {
    throw new AwsError(
      'LimitExceededException',
      'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
    );
  }
}

function withBilling(settings: TableSettings, request: UpdateRequest): TableSettings {
  const { ProvisionedThroughput: given } = request;
  const billingMode = request.BillingMode ?? settings.billingMode;
  const isSwitch = billingMode !== settings.billingMode;
  if (request.BillingMode === 'PROVISIONED' && given === undefined) {
    throw invalidParameters('ProvisionedThroughput must be specified when BillingMode is PROVISIONED');
  }
  if (given !== undefined) checkThroughput(billingMode, given);
  if (given !== undefined && !isSwitch) refuseSameThroughput(settings.throughput, given);
  if (billingMode === 'PAY_PER_REQUEST') {
    const globalIndexes = settings.globalIndexes.map(({ ProvisionedThroughput: _, ...index }) => index);
    return { ...settings, billingMode, wasOnDemand: true, throughput: NONE, globalIndexes };
  }
  if (isSwitch) refuseIndexesWithoutThroughput(settings, request.GlobalSecondaryIndexUpdates ?? []);
  return { ...settings, billingMode, throughput: given ?? settings.throughput };
}

const NONE: Throughput = { ReadCapacityUnits: 0, WriteCapacityUnits: 0 };

function refuseSameThroughput(before: Throughput, given: Throughput): void {
  if (before.ReadCapacityUnits !== given.ReadCapacityUnits || before.WriteCapacityUnits !== given.WriteCapacityUnits) {
    return;
  }
  throw invalid(
    'The provisioned throughput for the table will not change. The requested value equals the current value. ' +
      `Current ReadCapacityUnits provisioned for the table: ${before.ReadCapacityUnits}. ` +
      `Requested ReadCapacityUnits: ${given.ReadCapacityUnits}. ` +
      `Current WriteCapacityUnits provisioned for the table: ${before.WriteCapacityUnits}. ` +
      `Requested WriteCapacityUnits: ${given.WriteCapacityUnits}. ` +
      'Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.',
  );
}

function refuseIndexesWithoutThroughput({ globalIndexes }: TableSettings, updates: readonly IndexUpdate[]): void {
  const given = updates.filter(({ Update }) => Update?.ProvisionedThroughput).map(({ Update }) => Update?.IndexName);
  const missing = globalIndexes.map(({ IndexName }) => IndexName).filter((name) => !given.includes(name));
  if (missing.length === 0) return;
  throw invalidParameters(`ProvisionedThroughput must be specified for index: ${missing.join(',')}`);
}

/** Attributes are defined anew for an index that is made, even where they are known; those that no key has go. */
function withIndexes(
  settings: TableSettings,
  updates: readonly IndexUpdate[],
  given: readonly AttributeDefinition[],
): TableSettings {
  let indexes: readonly IndexSettings[] = settings.globalIndexes;
  for (const { Create, Update, Delete } of updates) {
    const name = (Create ?? Update ?? Delete)?.IndexName ?? '';
    const taken = [...indexes, ...settings.localIndexes].some(({ IndexName }) => IndexName === name);
    if (Create) {
      if (taken) throw invalid(`Attempting to create an index which already exists`);
      checkGlobalIndex(
        Create,
        given.map(({ AttributeName }) => AttributeName),
        settings.billingMode,
      );
      indexes = [...indexes, Create];
      continue;
    }
    const index = indexes.find(({ IndexName }) => IndexName === name);
    if (index === undefined) {
      throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
    }
    const others = indexes.filter((other) => other !== index);
    if (Delete) indexes = others;
    else if (Update?.ProvisionedThroughput) {
      checkThroughput(settings.billingMode, Update.ProvisionedThroughput);
      indexes = [...others, { ...index, ProvisionedThroughput: Update.ProvisionedThroughput }];
    }
  }
  const schemas = [settings.keySchema, ...[...settings.localIndexes, ...indexes].map(({ KeySchema }) => KeySchema)];
  const used = new Set(schemas.flat().map(({ AttributeName }) => AttributeName));
  const known = new Map([...settings.attributes, ...given].map((attribute) => [attribute.AttributeName, attribute]));
  return {
    ...settings,
    globalIndexes: indexes,
    attributes: [...known.values()].filter(({ AttributeName }) => used.has(AttributeName)),
  };
}

function changeIndexes({ items }: Table, updates: readonly IndexUpdate[], { attributes }: TableSettings): void {
  for (const { Create, Delete } of updates) {
    if (Create) items.addIndex(indexDefinition('global', Create, attributes));
    if (Delete) items.removeIndex(Delete.IndexName);
  }
}
