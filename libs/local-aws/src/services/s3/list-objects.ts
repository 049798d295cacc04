import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { pageOf } from '../../kit/page.ts';
import { inQuery, integer, optional, text, withDefault } from '../../kit/reader.ts';
import { bucketArn, bucketName, type Bucket, type Buckets, type ObjectVersion } from './buckets.ts';

const MAX_KEYS = 1000;

/** What is listed: an object, or what the keys up to a delimiter have in common. */
type Entry = { readonly object: ObjectVersion } | { readonly prefix: string };

export const listObjectsAction = (buckets: Buckets): UnboundAction =>
  action(
    {
      Bucket: bucketName,
      Prefix: withDefault(text(), ''),
      Delimiter: withDefault(text(), ''),
      StartAfter: withDefault(text(), ''),
      MaxKeys: withDefault(inQuery(integer({ min: 0 })), MAX_KEYS),
      ContinuationToken: optional(text()),
    },
    {
      resources: ({ Bucket }, caller) => [bucketArn(caller, Bucket)],
      evidence: 'documented',
      run({ Bucket, Prefix, Delimiter, StartAfter, MaxKeys, ContinuationToken: token }) {
        const entries = entriesOf(objectsOf(buckets.find(Bucket), Prefix, StartAfter), Prefix, Delimiter);
        const size = Math.min(MaxKeys, MAX_KEYS);
        const { items, next } = pageOf(entries, { size, token }, { usual: MAX_KEYS, refuse: refuseToken });
        return {
          Name: Bucket,
          Prefix,
          ...(Delimiter !== '' && { Delimiter }),
          MaxKeys,
          KeyCount: items.length,
          IsTruncated: next !== undefined,
          ...(next !== undefined && { NextContinuationToken: next }),
          Contents: items.flatMap((entry) => ('object' in entry ? [objectEntry(entry.object)] : [])),
          CommonPrefixes: items.flatMap((entry) => ('prefix' in entry ? [{ Prefix: entry.prefix }] : [])),
        };
      },
    },
  );

/** Every version and every marker, the latest of a key first; all on one page. */
export const listVersionsAction = (buckets: Buckets): UnboundAction =>
  action(
    { Bucket: bucketName, Prefix: withDefault(text(), '') },
    {
      resources: ({ Bucket }, caller) => [bucketArn(caller, Bucket)],
      evidence: 'documented',
      run({ Bucket, Prefix }) {
        const found = [...buckets.find(Bucket).objects.values()]
          .flatMap((versions) =>
            versions.map((version, place) => ({ version, IsLatest: place === versions.length - 1 })),
          )
          .filter(({ version }) => version.key.startsWith(Prefix))
          .reverse();
        const entries = found.map(({ version, IsLatest }) => ({
          ...(version.body === undefined ? { Key: version.key } : objectEntry(version)),
          VersionId: version.versionId,
          IsLatest,
        }));
        const isVersion = (_: unknown, index: number): boolean => found[index]?.version.body !== undefined;
        return {
          Name: Bucket,
          Prefix,
          MaxKeys: MAX_KEYS,
          IsTruncated: false,
          Version: entries.filter(isVersion),
          DeleteMarker: entries.filter((entry, index) => !isVersion(entry, index)),
        };
      },
    },
  );

const refuseToken = (): AwsError => new AwsError('InvalidArgument', 'The continuation token provided is incorrect');

/** Those that are there, in the order of their keys' bytes. */
const objectsOf = ({ objects }: Bucket, prefix: string, after: string): ObjectVersion[] =>
  [...objects.values()]
    .flatMap((versions) => versions.slice(-1))
    .filter(({ key, body }) => body !== undefined && key.startsWith(prefix) && key > after)
    .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));

function entriesOf(objects: readonly ObjectVersion[], prefix: string, delimiter: string): Entry[] {
  if (delimiter === '') return objects.map((object) => ({ object }));
  const entries = new Map<string, Entry>();
  for (const object of objects) {
    const end = object.key.indexOf(delimiter, prefix.length);
    if (end < 0) entries.set(object.key, { object });
    else entries.set(`${object.key.slice(0, end)}${delimiter}`, { prefix: object.key.slice(0, end) + delimiter });
  }
  return [...entries.values()];
}

const objectEntry = ({ key, etag, body, lastModified }: ObjectVersion): JsonObject => ({
  Key: key,
  LastModified: new Date(lastModified).toISOString(),
  ETag: etag,
  Size: body?.length ?? 0,
  StorageClass: 'STANDARD',
});
