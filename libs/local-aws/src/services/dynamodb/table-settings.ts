import type { Projection } from './secondary-index.ts';

/** Types of the members of requests and responses that describe a table, as the API spells them. */
export interface AttributeDefinition {
  readonly AttributeName: string;
  readonly AttributeType: 'S' | 'N' | 'B';
}

export interface KeySchemaElement {
  readonly AttributeName: string;
  readonly KeyType: 'HASH' | 'RANGE';
}

export interface Throughput {
  readonly ReadCapacityUnits: number;
  readonly WriteCapacityUnits: number;
}

export interface IndexSettings {
  readonly IndexName: string;
  readonly KeySchema: readonly KeySchemaElement[];
  readonly Projection: { readonly [K in keyof Projection]?: Projection[K] | undefined };
  /** Of global indexes of provisioned tables. */
  readonly ProvisionedThroughput?: Throughput | undefined;
}

export type BillingMode = 'PROVISIONED' | 'PAY_PER_REQUEST';

/** What CreateTable and UpdateTable say of a table. */
export interface TableSettings {
  readonly attributes: readonly AttributeDefinition[];
  readonly keySchema: readonly KeySchemaElement[];
  readonly billingMode: BillingMode;
  /** It is or was paid per request: then the billing mode is shown. */
  readonly wasOnDemand: boolean;
  /** Zero for a table that is paid per request. */
  readonly throughput: Throughput;
  readonly localIndexes: readonly IndexSettings[];
  readonly globalIndexes: readonly IndexSettings[];
  readonly deletionProtection: boolean;
  readonly tableClass: 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS' | undefined;
  readonly onDemandThroughput: Readonly<Record<string, unknown>> | undefined;
  /** The key that the items are encrypted with; undefined for AWS's own, which is not shown. */
  readonly encryptionKeyArn: string | undefined;
  readonly stream: StreamSettings | undefined;
}

/** Kept and shown; there are no records to be read. */
export interface StreamSettings {
  readonly viewType: string | undefined;
  readonly enabled: boolean;
  /** ISO 8601 text of when the stream was enabled. */
  readonly label: string;
}
