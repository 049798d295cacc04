import { createHash } from 'node:crypto';
import { AwsError } from '../../kernel/aws-error.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { blob, inQuery, integer, list, required, structure, text } from '../../kit/reader.ts';
import { bucketName, objectArn, objectKey, type Bucket, type Buckets, type Upload } from './buckets.ts';
import { headersMember } from './object-actions.ts';

const uploadMember = { Bucket: bucketName, Key: objectKey, UploadId: required(text()) };
const evidence = 'documented';
/** Of every part but the last. [documented: S3 User Guide, "Multipart upload limits"] */
const MIN_PART_BYTES = 5 * 1024 * 1024;

/** The actions on uploads in parts, as clients send what is larger than a few megabytes. */
export const multipartActions = (buckets: Buckets): Record<string, UnboundAction> => ({
  CreateMultipartUpload: action(
    { Bucket: bucketName, Key: objectKey, Headers: headersMember },
    {
      resources: ({ Bucket, Key }, caller) => [objectArn(caller, Bucket, Key)],
      evidence,
      run({ Bucket, Key, Headers }) {
        const UploadId = buckets.world.uuid();
        buckets.find(Bucket).uploads.set(UploadId, { key: Key, headers: Headers, parts: new Map() });
        return { Bucket, Key, UploadId };
      },
    },
  ),

  UploadPart: action(
    { ...uploadMember, PartNumber: required(inQuery(integer({ min: 1, max: 10_000 }))), Body: required(blob()) },
    {
      resources: ({ Bucket, Key }, caller) => [objectArn(caller, Bucket, Key)],
      evidence,
      run({ Bucket, UploadId, PartNumber, Body }) {
        const etag = `"${md5(Body).toString('hex')}"`;
        findUpload(buckets.find(Bucket), UploadId).parts.set(PartNumber, { body: Body, etag });
        return { ETag: etag };
      },
    },
  ),

  CompleteMultipartUpload: completeUpload(buckets),

  AbortMultipartUpload: action(uploadMember, {
    resources: ({ Bucket, Key }, caller) => [objectArn(caller, Bucket, Key)],
    evidence,
    run({ Bucket, UploadId }) {
      const bucket = buckets.find(Bucket);
      findUpload(bucket, UploadId);
      bucket.uploads.delete(UploadId);
      return {};
    },
  }),
});

const completeUpload = (buckets: Buckets): UnboundAction =>
  action(
    {
      ...uploadMember,
      Parts: required(
        list(structure({ PartNumber: required(integer({ min: 1 })), ETag: required(text()) }), { min: 1 }),
      ),
    },
    {
      resources: ({ Bucket, Key }, caller) => [objectArn(caller, Bucket, Key)],
      evidence,
      run({ Bucket, Key, UploadId, Parts }) {
        const bucket = buckets.find(Bucket);
        const upload = findUpload(bucket, UploadId);
        const bodies = Parts.map((part) => bodyOf(upload, part));
        if (bodies.slice(0, -1).some(({ length }) => length < MIN_PART_BYTES)) {
          throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
        }
        bucket.uploads.delete(UploadId);
        const etag = `"${md5(Buffer.concat(bodies.map(md5))).toString('hex')}-${bodies.length}"`;
        const added = buckets.add(bucket, { key: Key, body: Buffer.concat(bodies), etag, headers: upload.headers });
        const VersionId = added.versionId === 'null' ? undefined : added.versionId;
        return {
          Location: `/${Bucket}/${Key}`,
          Bucket,
          Key,
          ETag: etag,
          ...(VersionId !== undefined && { VersionId }),
        };
      },
    },
  );

const md5 = (bytes: Uint8Array): Buffer => createHash('md5').update(bytes).digest();

/** @throws {AwsError} NoSuchUpload */
function findUpload({ uploads }: Bucket, id: string): Upload {
  const upload = uploads.get(id);
  if (upload !== undefined) return upload;
  const message =
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.';
  throw new AwsError('NoSuchUpload', message, 404);
}

/** @throws {AwsError} InvalidPart */
function bodyOf({ parts }: Upload, { PartNumber, ETag }: { readonly PartNumber: number; readonly ETag: string }) {
  const part = parts.get(PartNumber);
  if (part?.etag.replaceAll('"', '') === ETag.replaceAll('"', '')) return part.body;
  throw new AwsError('InvalidPart', 'One or more of the specified parts could not be found.');
}
