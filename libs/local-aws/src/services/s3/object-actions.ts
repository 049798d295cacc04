import { createHash } from 'node:crypto';
import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { blob, list, mapOf, optional, required, structure, text, withDefault } from '../../kit/reader.ts';
import { bucketArn, bucketName, contentOf, objectArn, objectKey, type Buckets, type Content } from './buckets.ts';

/** Headers that are kept with an object and sent with it, by their members. */
export const headersMember = withDefault(mapOf(text()), {});
const versionMember = { Bucket: bucketName, Key: objectKey, VersionId: optional(text()) };
const evidence = 'documented';

/** The actions on objects as a whole. */
export const objectActions = (buckets: Buckets): Record<string, UnboundAction> => ({
  PutObject: putObject(buckets),

  GetObject: action(
    { ...versionMember, Range: optional(text()) },
    {
      resources: ({ Bucket, Key }, caller) => [objectArn(caller, Bucket, Key)],
      evidence,
      run({ Bucket, Key, VersionId, Range }) {
        const content = contentOf(buckets.find(Bucket), Key, VersionId);
        const whole = objectShape(content);
        if (Range === undefined) return { ...whole, Body: content.body };
        const [from, to] = byteRange(Range, content.body.length);
        const part = content.body.subarray(from, to + 1);
        const ContentRange = `bytes ${from}-${to}/${content.body.length}`;
        return { ...whole, Body: part, ContentLength: part.length, ContentRange };
      },
    },
  ),

  HeadObject: action(versionMember, {
    resources: ({ Bucket, Key }, caller) => [objectArn(caller, Bucket, Key)],
    evidence,
    run: ({ Bucket, Key, VersionId }) => objectShape(contentOf(buckets.find(Bucket), Key, VersionId)),
  }),

  DeleteObject: action(versionMember, {
    resources: ({ Bucket, Key }, caller) => [objectArn(caller, Bucket, Key)],
    evidence,
    run: ({ Bucket, Key, VersionId }) => deleteObject(buckets, Bucket, Key, VersionId),
  }),

  DeleteObjects: action(
    {
      Bucket: bucketName,
      Objects: required(list(structure({ Key: objectKey, VersionId: optional(text()) }), { min: 1, max: 1000 })),
    },
    {
      resources: ({ Bucket, Objects }, caller) => [
        bucketArn(caller, Bucket),
        ...Objects.map(({ Key }) => objectArn(caller, Bucket, Key)),
      ],
      evidence,
      run({ Bucket, Objects }) {
        for (const { Key, VersionId } of Objects) deleteObject(buckets, Bucket, Key, VersionId);
        return { Deleted: Objects.map(({ Key }) => ({ Key })) };
      },
    },
  ),
});

const putObject = (buckets: Buckets): UnboundAction =>
  action(
    {
      Bucket: bucketName,
      Key: objectKey,
      Body: required(blob()),
      Headers: headersMember,
      IfNoneMatch: optional(text()),
      IfMatch: optional(text()),
    },
    {
      resources: ({ Bucket, Key }, caller) => [objectArn(caller, Bucket, Key)],
      evidence,
      run({ Bucket, Key, Body, Headers, IfNoneMatch, IfMatch }) {
        const bucket = buckets.find(Bucket);
        const before = bucket.objects.get(Key)?.at(-1);
        const isThere = before?.body !== undefined;
        if ((IfNoneMatch === '*' && isThere) || (IfMatch !== undefined && (!isThere || before.etag !== IfMatch))) {
          const message = 'At least one of the pre-conditions you specified did not hold';
          throw new AwsError('PreconditionFailed', message, 412);
        }
        const etag = `"${createHash('md5').update(Body).digest('hex')}"`;
        const added = buckets.add(bucket, { key: Key, body: Body, etag, headers: Headers });
        return { ETag: etag, ...(added.versionId !== 'null' && { VersionId: added.versionId }) };
      },
    },
  );

/** Without a version id a bucket with versions hides the object behind a marker. */
function deleteObject(buckets: Buckets, bucketName: string, key: string, versionId?: string): JsonObject {
  const bucket = buckets.find(bucketName);
  const versions = bucket.objects.get(key) ?? [];
  if (versionId === undefined && bucket.versioning !== undefined) {
    const marker = buckets.add(bucket, { key, body: undefined, etag: '', headers: {} });
    return { DeleteMarker: true, VersionId: marker.versionId };
  }
  const left = versionId === undefined ? [] : versions.filter((version) => version.versionId !== versionId);
  if (left.length === 0) bucket.objects.delete(key);
  else bucket.objects.set(key, left);
  return versionId === undefined ? {} : { VersionId: versionId };
}

const objectShape = ({ body, etag, lastModified, versionId, headers }: Content): JsonObject => ({
  ContentType: 'binary/octet-stream',
  ...headers,
  ETag: etag,
  LastModified: new Date(lastModified).toUTCString(),
  ContentLength: body.length,
  AcceptRanges: 'bytes',
  ...(versionId !== 'null' && { VersionId: versionId }),
});

/** The first and the last byte. @throws {AwsError} InvalidRange */
function byteRange(range: string, length: number): readonly [number, number] {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  const from = first === '' ? Math.max(0, length - Number(last)) : Number(first);
  const to = first === '' || last === '' ? length - 1 : Math.min(Number(last), length - 1);
  if (first + last !== '' && from <= to) return [from, to];
  throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416);
}
