export interface BucketSetting {
  /** As in the names of its actions, e.g. `PutBucketPolicy`. */
  readonly name: string;
  /** The code of the refusal where a bucket has none. */
  readonly missing?: string;
  /** What a bucket has that was given none. */
  readonly otherwise?: string;
  /** Whether there is an action that takes it away. */
  readonly deletable: boolean;
}

const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

/** Every object has been encrypted with the bucket's own keys since 2023. [documented: S3 User Guide, "Default encryption FAQ"] */
const USUAL_ENCRYPTION =
  `<ServerSideEncryptionConfiguration ${NAMESPACE}><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>` +
  '</ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>';

/** The owner may do everything, and nobody else anything: ACLs are disabled on new buckets since 2023. */
const USUAL_ACL =
  `<AccessControlPolicy ${NAMESPACE}><Owner><ID>owner</ID></Owner><AccessControlList><Grant><Grantee ` +
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>owner</ID></Grantee>' +
  '<Permission>FULL_CONTROL</Permission></Grant></AccessControlList></AccessControlPolicy>';

const OWNER_PAYS = `<RequestPaymentConfiguration ${NAMESPACE}><Payer>BucketOwner</Payer></RequestPaymentConfiguration>`;

/** The settings that are kept and shown as they came, and have no effect here. */
export const BUCKET_SETTINGS: readonly BucketSetting[] = [
  {
    name: 'BucketAccelerateConfiguration',
    otherwise: `<AccelerateConfiguration ${NAMESPACE}/>`,
    deletable: false,
  },
  { name: 'BucketAcl', otherwise: USUAL_ACL, deletable: false },
  { name: 'BucketCors', missing: 'NoSuchCORSConfiguration', deletable: true },
  { name: 'BucketEncryption', otherwise: USUAL_ENCRYPTION, deletable: true },
  { name: 'BucketLifecycleConfiguration', missing: 'NoSuchLifecycleConfiguration', deletable: true },
  { name: 'BucketLogging', otherwise: `<BucketLoggingStatus ${NAMESPACE}/>`, deletable: false },
  { name: 'BucketOwnershipControls', missing: 'OwnershipControlsNotFoundError', deletable: true },
  { name: 'BucketPolicy', missing: 'NoSuchBucketPolicy', deletable: true },
  { name: 'BucketReplication', missing: 'ReplicationConfigurationNotFoundError', deletable: true },
  { name: 'BucketRequestPayment', otherwise: OWNER_PAYS, deletable: false },
  { name: 'BucketTagging', missing: 'NoSuchTagSet', deletable: true },
  { name: 'BucketWebsite', missing: 'NoSuchWebsiteConfiguration', deletable: true },
  { name: 'ObjectLockConfiguration', missing: 'ObjectLockConfigurationNotFoundError', deletable: false },
  { name: 'PublicAccessBlock', missing: 'NoSuchPublicAccessBlockConfiguration', deletable: true },
];
