import type { KeyAttribute, KeySchema } from './key-schema.ts';
import { invalid, invalidParameters } from './refusals.ts';
import type { IndexDefinition } from './table-items.ts';
import type {
  AttributeDefinition,
  BillingMode,
  IndexSettings,
  KeySchemaElement,
  TableSettings,
  Throughput,
} from './table-settings.ts';

/** Documented: "Service quotas". */
const MAX_LOCAL_INDEXES = 5;
const MAX_GLOBAL_INDEXES = 20;
const MAX_UNITS = 1_000_000_000_000;

/** Checks what CreateTable is given. @throws {AwsError} ValidationException: texts and order recorded by dynalite's suite */
export function checkTable(settings: TableSettings, throughput: Throughput | undefined): void {
  const { attributes, keySchema, localIndexes, globalIndexes } = settings;
  checkThroughput(settings.billingMode, throughput);
  const defined = attributes.map(({ AttributeName }) => AttributeName);
  const keys = keySchema.map(({ AttributeName }) => AttributeName);
  if (keys.length > defined.length) throw invalid('Invalid KeySchema: Some index key attribute have no definition');
  checkKeySchema(keySchema, defined);
  const [partition = '', sort] = keys;
  if (localIndexes.length > 0 && sort === undefined) {
    throw invalidParameters(
      'Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex',
    );
  }
  for (const index of localIndexes) {
    checkKeySchema(index.KeySchema, defined);
    checkLocalIndex(index, partition);
    checkProjection(index);
  }
  if (localIndexes.length > MAX_LOCAL_INDEXES) {
    throw invalidParameters(`Number of LocalSecondaryIndexes exceeds per-table limit of ${MAX_LOCAL_INDEXES}`);
  }
  for (const index of globalIndexes) checkGlobalIndex(index, defined, settings.billingMode);
  refuseDuplicateNames([...localIndexes, ...globalIndexes]);
  if (globalIndexes.length > MAX_GLOBAL_INDEXES) {
    throw invalidParameters(`GlobalSecondaryIndex count exceeds the per-table limit of ${MAX_GLOBAL_INDEXES}`);
  }
  refuseUnusedAttributes(settings);
}

/** @throws {AwsError} ValidationException */
export function checkThroughput(billingMode: BillingMode, throughput: Throughput | undefined): void {
  if (billingMode === 'PAY_PER_REQUEST') {
    if (throughput === undefined) return;
    throw invalidParameters(
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    );
  }
  if (throughput === undefined) {
    throw invalidParameters(
      'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    );
  }
  for (const [name, units] of Object.entries(throughput)) {
    if (units > MAX_UNITS) throw invalid(`Given value ${units} for ${name} is out of bounds`);
  }
}

function checkKeySchema(schema: readonly KeySchemaElement[], defined: readonly string[]): void {
  const keys = schema.map(({ AttributeName }) => AttributeName);
  if (keys.some((key) => !defined.includes(key))) {
    throw invalidParameters(
      'Some index key attributes are not defined in AttributeDefinitions. ' +
        `Keys: [${keys.join(', ')}], AttributeDefinitions: [${defined.join(', ')}]`,
    );
  }
  const [first, second] = schema;
  if (first?.AttributeName === second?.AttributeName) {
    throw invalid('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  }
  if (first?.KeyType !== 'HASH') {
    throw invalid('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  }
  if (second !== undefined && second.KeyType !== 'RANGE') {
    throw invalid('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  }
}

function checkLocalIndex({ IndexName, KeySchema }: IndexSettings, tablePartition: string): void {
  const [partition, sort] = KeySchema;
  if (sort === undefined) {
    throw invalidParameters(`Index KeySchema does not have a range key for index: ${IndexName}`);
  }
  if (partition?.AttributeName === tablePartition) return;
  throw invalidParameters(
    'Index KeySchema does not have the same leading hash key as table KeySchema for index: ' +
      `${IndexName}. index hash key: ${partition?.AttributeName ?? ''}, table hash key: ${tablePartition}`,
  );
}

/** @throws {AwsError} ValidationException */
export function checkGlobalIndex(index: IndexSettings, defined: readonly string[], billingMode: BillingMode): void {
  checkKeySchema(index.KeySchema, defined);
  checkProjection(index);
  if (billingMode === 'PAY_PER_REQUEST' && index.ProvisionedThroughput) {
    throw invalidParameters(
      `ProvisionedThroughput should not be specified for index: ${index.IndexName} when BillingMode is PAY_PER_REQUEST`,
    );
  }
  if (billingMode === 'PROVISIONED' && !index.ProvisionedThroughput) {
    throw invalidParameters(`ProvisionedThroughput must be specified for index: ${index.IndexName}`);
  }
}

function checkProjection({ Projection: { ProjectionType, NonKeyAttributes } }: IndexSettings): void {
  if (ProjectionType === undefined) throw invalidParameters('Unknown ProjectionType: null');
  if (NonKeyAttributes && ProjectionType !== 'INCLUDE') {
    throw invalidParameters(`ProjectionType is ${ProjectionType}, but NonKeyAttributes is specified`);
  }
  // Documented; its text guessed.
  if (!NonKeyAttributes && ProjectionType === 'INCLUDE') {
    throw invalidParameters('ProjectionType is INCLUDE, but NonKeyAttributes is not specified');
  }
}

function refuseDuplicateNames(indexes: readonly IndexSettings[]): void {
  const names = indexes.map(({ IndexName }) => IndexName);
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated !== undefined) throw invalidParameters(`Duplicate index name: ${repeated}`);
}

/** Recorded; where there are indexes, the first of both texts is guessed to hold too, as AWS's documentation asks for it. */
function refuseUnusedAttributes({ attributes, keySchema, localIndexes, globalIndexes }: TableSettings): void {
  const schemas = [keySchema, ...[...localIndexes, ...globalIndexes].map(({ KeySchema }) => KeySchema)];
  const used = new Set(schemas.flat().map(({ AttributeName }) => AttributeName));
  if (attributes.every(({ AttributeName }) => used.has(AttributeName))) return;
  throw invalidParameters(
    schemas.length === 1
      ? 'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions'
      : 'Some AttributeDefinitions are not used. AttributeDefinitions: ' +
          `[${attributes.map(({ AttributeName }) => AttributeName).join(', ')}], keys used: [${[...used].join(', ')}]`,
  );
}

/** @param schema one that was checked */
export function keySchemaOf(
  schema: readonly KeySchemaElement[],
  attributes: readonly AttributeDefinition[],
): KeySchema {
  const attributeOf = ({ AttributeName: name }: KeySchemaElement): KeyAttribute => {
    const definition = attributes.find(({ AttributeName }) => AttributeName === name);
    if (definition === undefined) throw new TypeError(`${name} is defined`);
    return { name, type: definition.AttributeType };
  };
  const [partition, sort] = schema;
  if (partition === undefined) throw new TypeError('a key has a partition key');
  return { partition: attributeOf(partition), sort: sort && attributeOf(sort) };
}

/** @param index one that was checked */
export function indexDefinition(
  kind: IndexDefinition['kind'],
  { IndexName, KeySchema, Projection }: IndexSettings,
  attributes: readonly AttributeDefinition[],
): IndexDefinition {
  const { ProjectionType = 'ALL', NonKeyAttributes } = Projection;
  return {
    kind,
    name: IndexName,
    schema: keySchemaOf(KeySchema, attributes),
    projection: { ProjectionType, NonKeyAttributes },
  };
}
