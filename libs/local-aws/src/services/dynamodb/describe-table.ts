import type { JsonObject } from '../../kernel/service.ts';
import type { IndexSettings, TableSettings } from './table-settings.ts';
import type { Table } from './tables.ts';

export type Status = 'CREATING' | 'UPDATING' | 'ACTIVE' | 'DELETING';

/**
 * Returns a table as DescribeTable shows it. A change is done at once; the response to the request that makes it shows the table
 * in the state in which AWS still works at it.
 * @param changing the indexes that are not active yet
 */
export function describeTable(
  table: Table,
  status: Status = 'ACTIVE',
  changing: ReadonlyMap<string, Status> = new Map(),
): JsonObject {
  const { settings, name, arn, counted } = table;
  const describeIndex = (index: IndexSettings): JsonObject => ({
    IndexName: index.IndexName,
    KeySchema: index.KeySchema,
    Projection: defined(index.Projection),
    IndexSizeBytes: 0,
    ItemCount: 0,
    IndexArn: `${arn}/index/${index.IndexName}`,
  });
  const describeGlobalIndex = (index: IndexSettings): JsonObject => ({
    ...describeIndex(index),
    IndexStatus: changing.get(index.IndexName) ?? (status === 'CREATING' ? 'CREATING' : 'ACTIVE'),
    ...(changing.get(index.IndexName) === 'CREATING' && { Backfilling: false }),
    ProvisionedThroughput: {
      NumberOfDecreasesToday: 0,
      ...(index.ProvisionedThroughput ?? { ReadCapacityUnits: 0, WriteCapacityUnits: 0 }),
    },
  });
  return defined({
    AttributeDefinitions: settings.attributes,
    TableName: name,
    KeySchema: settings.keySchema,
    TableStatus: status,
    CreationDateTime: table.createdAt,
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ...settings.throughput },
    TableSizeBytes: counted.bytes,
    ItemCount: counted.items,
    TableArn: arn,
    TableId: table.id,
    LocalSecondaryIndexes: orNone(settings.localIndexes.map(describeIndex)),
    GlobalSecondaryIndexes: orNone(settings.globalIndexes.map(describeGlobalIndex)),
    ...describeBilling(table),
    ...describeStream(table),
    ...describeEncryption(settings),
    TableClassSummary: settings.tableClass && { TableClass: settings.tableClass },
    OnDemandThroughput: settings.onDemandThroughput,
    DeletionProtectionEnabled: settings.deletionProtection,
  });
}

const orNone = <T>(list: readonly T[]): readonly T[] | undefined => (list.length === 0 ? undefined : list);

const defined = (members: object): JsonObject =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

/** A table that was provisioned from the beginning says nothing of it. */
function describeBilling({ settings, createdAt }: Table): JsonObject {
  const { billingMode, wasOnDemand } = settings;
  if (billingMode === 'PROVISIONED') return wasOnDemand ? { BillingModeSummary: { BillingMode: billingMode } } : {};
  return {
    BillingModeSummary: { BillingMode: billingMode, LastUpdateToPayPerRequestDateTime: createdAt },
    TableThroughputModeSummary: {
      TableThroughputMode: billingMode,
      LastUpdateToPayPerRequestDateTime: createdAt,
    },
  };
}

function describeStream({ settings: { stream }, arn }: Table): JsonObject {
  if (stream === undefined) return {};
  return {
    ...(stream.enabled && { StreamSpecification: { StreamEnabled: true, StreamViewType: stream.viewType } }),
    LatestStreamLabel: stream.label,
    LatestStreamArn: `${arn}/stream/${stream.label}`,
  };
}

const describeEncryption = ({ encryptionKeyArn }: TableSettings): JsonObject =>
  encryptionKeyArn === undefined
    ? {}
    : { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: encryptionKeyArn } };
