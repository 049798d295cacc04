import { action, type UnboundAction } from '../../kit/action.ts';
import { optional, required, text } from '../../kit/reader.ts';
import { bucketName, contentOf, objectArn, objectKey, type Buckets } from './buckets.ts';

const versionMember = { Bucket: bucketName, Key: objectKey, VersionId: optional(text()) };
const NONE = '<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet/></Tagging>';
const evidence = 'documented';

/** The tags of objects: a document that is kept as it comes. */
export const objectTagActions = (buckets: Buckets): Record<string, UnboundAction> => ({
  GetObjectTagging: action(versionMember, {
    resources: ({ Bucket, Key }, caller) => [objectArn(caller, Bucket, Key)],
    evidence,
    run: ({ Bucket, Key, VersionId }) => ({
      Document: contentOf(buckets.find(Bucket), Key, VersionId).tagging ?? NONE,
    }),
  }),

  PutObjectTagging: action(
    { ...versionMember, Document: required(text({ min: 1 })) },
    {
      resources: ({ Bucket, Key }, caller) => [objectArn(caller, Bucket, Key)],
      evidence,
      run({ Bucket, Key, VersionId, Document }) {
        contentOf(buckets.find(Bucket), Key, VersionId).tagging = Document;
        return {};
      },
    },
  ),

  DeleteObjectTagging: action(versionMember, {
    resources: ({ Bucket, Key }, caller) => [objectArn(caller, Bucket, Key)],
    evidence,
    run({ Bucket, Key, VersionId }) {
      contentOf(buckets.find(Bucket), Key, VersionId).tagging = undefined;
      return {};
    },
  }),
});
