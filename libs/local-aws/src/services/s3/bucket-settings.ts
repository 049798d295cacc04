export interface BucketSetting {
  /** As in the names of its actions, e.g. `PutBucketPolicy`. */
  readonly name: string;
  /** The code of the refusal where a bucket has none. */
  readonly missing: string;
  /** What a bucket has that was given none. */
  readonly otherwise?: string;
}

const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

/** Every object has been encrypted with the bucket's own keys since 2023. [documented: S3 User Guide, "Default encryption FAQ"] */
const USUAL_ENCRYPTION =
  `<ServerSideEncryptionConfiguration ${NAMESPACE}><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>` +
  '</ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>';

/** The settings that are kept and shown as they came, and have no effect here. */
export const BUCKET_SETTINGS: readonly BucketSetting[] = [
  { name: 'BucketEncryption', missing: 'ServerSideEncryptionConfigurationNotFoundError', otherwise: USUAL_ENCRYPTION },
  { name: 'BucketLifecycleConfiguration', missing: 'NoSuchLifecycleConfiguration' },
  { name: 'BucketOwnershipControls', missing: 'OwnershipControlsNotFoundError' },
  { name: 'BucketPolicy', missing: 'NoSuchBucketPolicy' },
  { name: 'BucketTagging', missing: 'NoSuchTagSet' },
  { name: 'PublicAccessBlock', missing: 'NoSuchPublicAccessBlockConfiguration' },
];
