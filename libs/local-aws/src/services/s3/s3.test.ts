import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { refusalOf } from '../../../test/refusal-of.ts';
import { act, createTestWorld, ROOT, type TestWorld } from '../../../test/test-world.ts';
import type { JsonObject, Service } from '../../kernel/service.ts';
import { createS3 } from './s3.ts';

let world: TestWorld;
let s3: Service;
const Bucket = 'artifacts';
beforeEach(async () => {
  world = createTestWorld();
  s3 = createS3(world.world);
  await act(s3, 'CreateBucket', { Bucket });
});
afterEach(() => world.close());

const put = (Key: string, body: string, more: JsonObject = {}): Promise<JsonObject> =>
  act(s3, 'PutObject', { Bucket, Key, Body: Buffer.from(body), ...more });
const get = async (Key: string, more: JsonObject = {}): Promise<string> => {
  const { Body } = await act(s3, 'GetObject', { Bucket, Key, ...more });
  return Buffer.from(Body as Uint8Array).toString();
};

describe('objects', () => {
  test('come back as they were put, with their headers', async () => {
    const { ETag } = await put('a/b.zip', 'hello', { Headers: { ContentType: 'text/plain' } });
    expect(ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
    expect(await get('a/b.zip')).toBe('hello');
    const head = await act(s3, 'HeadObject', { Bucket, Key: 'a/b.zip' });
    expect(head).toMatchObject({ ETag, ContentLength: 5, ContentType: 'text/plain' });
    expect(await act(s3, 'GetObject', { Bucket, Key: 'a/b.zip', Range: 'bytes=1-2' })).toMatchObject({
      ContentRange: 'bytes 1-2/5',
      ContentLength: 2,
    });
    await act(s3, 'DeleteObject', { Bucket, Key: 'a/b.zip' });
    expect(await refusalOf(get('a/b.zip'))).toBe('NoSuchKey: The specified key does not exist.');
  });

  test.each([
    ['bytes=1-2', 'el'],
    ['bytes=3-', 'lo'],
    ['bytes=-3', 'llo'],
    ['bytes=3-99', 'lo'],
  ])('a part of them is %s', async (Range, part) => {
    await put('k', 'hello');
    expect(await get('k', { Range })).toBe(part);
  });

  test('one that is there is not put again where the client says so, which is how Terraform locks its state', async () => {
    await put('state.tflock', 'mine', { IfNoneMatch: '*' });
    expect(await refusalOf(put('state.tflock', 'yours', { IfNoneMatch: '*' }))).toMatch('PreconditionFailed');
    expect(await refusalOf(put('state.tflock', 'yours', { IfMatch: '"x"' }))).toMatch('PreconditionFailed');
  });

  test('have versions once the bucket does, and a marker hides them', async () => {
    await put('k', 'before');
    await act(s3, 'PutBucketVersioning', { Bucket, Status: 'Enabled' });
    const { VersionId } = await put('k', 'first');
    await put('k', 'second');
    await act(s3, 'DeleteObject', { Bucket, Key: 'k' });
    expect(await refusalOf(get('k'))).toMatch('NoSuchKey');
    expect(await get('k', { VersionId })).toBe('first');
    expect(await get('k', { VersionId: 'null' })).toBe('before');
    expect(await act(s3, 'ListObjectsV2', { Bucket })).toMatchObject({ KeyCount: 0 });
    expect(await refusalOf(act(s3, 'DeleteBucket', { Bucket }))).toMatch('BucketNotEmpty');
  });

  test('are listed by prefix and delimiter, page by page', async () => {
    for (const key of ['a', 'dir/x', 'dir/y', 'z']) await put(key, key);
    expect(await act(s3, 'ListObjectsV2', { Bucket, Delimiter: '/' })).toMatchObject({
      Contents: [{ Key: 'a', Size: 1 }, { Key: 'z' }],
      CommonPrefixes: [{ Prefix: 'dir/' }],
    });
    const first = await act(s3, 'ListObjectsV2', { Bucket, Prefix: 'dir/', MaxKeys: '1' });
    expect(first).toMatchObject({ Contents: [{ Key: 'dir/x' }], IsTruncated: true });
    const rest = { Bucket, Prefix: 'dir/', ContinuationToken: first['NextContinuationToken'] };
    expect(await act(s3, 'ListObjectsV2', rest)).toMatchObject({ Contents: [{ Key: 'dir/y' }], IsTruncated: false });
  });

  test('are put in parts', async () => {
    const { UploadId } = await act(s3, 'CreateMultipartUpload', { Bucket, Key: 'k' });
    const part = (PartNumber: number, bytes: Uint8Array) =>
      act(s3, 'UploadPart', { Bucket, Key: 'k', UploadId, PartNumber, Body: bytes });
    const large = Buffer.alloc(5 * 1024 * 1024, 'x');
    const Parts = [
      { PartNumber: 1, ...(await part(1, large)) },
      { PartNumber: 2, ...(await part(2, Buffer.from('end'))) },
    ];
    const wrong = act(s3, 'CompleteMultipartUpload', {
      Bucket,
      Key: 'k',
      UploadId,
      Parts: [{ PartNumber: 1, ETag: 'x' }],
    });
    expect(await refusalOf(wrong)).toMatch('InvalidPart');
    const { ETag } = await act(s3, 'CompleteMultipartUpload', { Bucket, Key: 'k', UploadId, Parts });
    expect(ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    expect(await get('k', { Range: 'bytes=-4' })).toBe('xend');
    expect(await refusalOf(act(s3, 'AbortMultipartUpload', { Bucket, Key: 'k', UploadId }))).toMatch('NoSuchUpload');
  });
});

test('every version and every marker of a bucket is listed, so that all can be deleted', async () => {
  await act(s3, 'PutBucketVersioning', { Bucket, Status: 'Enabled' });
  await put('k', 'one');
  await put('k', 'two');
  await act(s3, 'DeleteObject', { Bucket, Key: 'k' });
  const { Version, DeleteMarker } = await act(s3, 'ListObjectVersions', { Bucket });
  expect(Version).toMatchObject([{ Key: 'k', IsLatest: false }, { Key: 'k' }]);
  expect(DeleteMarker).toMatchObject([{ Key: 'k', IsLatest: true }]);
  const Objects = [...(Version as JsonObject[]), ...(DeleteMarker as JsonObject[])];
  await act(s3, 'DeleteObjects', { Bucket, Objects: Objects.map(({ Key, VersionId }) => ({ Key, VersionId })) });
  expect(await act(s3, 'DeleteBucket', { Bucket })).toEqual({});
});

test('tags of an object are kept with its version', async () => {
  await put('k', 'hello');
  const tagging = { Bucket, Key: 'k', Document: '<Tagging><TagSet/></Tagging>' };
  await act(s3, 'PutObjectTagging', tagging);
  expect(await act(s3, 'GetObjectTagging', { Bucket, Key: 'k' })).toEqual({ Document: tagging.Document });
  await act(s3, 'DeleteObjectTagging', { Bucket, Key: 'k' });
  expect((await act(s3, 'GetObjectTagging', { Bucket, Key: 'k' }))['Document']).toContain('<TagSet/>');
  expect(await get('k')).toBe('hello');
});

test('settings of a bucket are kept and shown as they came', async () => {
  const policy = { Bucket, Document: '{"Version":"2012-10-17"}' };
  expect(await refusalOf(act(s3, 'GetBucketPolicy', { Bucket }))).toMatch('NoSuchBucketPolicy');
  await act(s3, 'PutBucketPolicy', policy);
  expect(await act(s3, 'GetBucketPolicy', { Bucket })).toEqual({ Document: policy.Document });
  await act(s3, 'DeleteBucketPolicy', { Bucket });
  expect(await refusalOf(act(s3, 'GetBucketPolicy', { Bucket }))).toMatch('NoSuchBucketPolicy');
  expect((await act(s3, 'GetBucketEncryption', { Bucket }))['Document']).toContain('AES256');
});

test.each<[string, string, JsonObject, string]>([
  ['a bucket twice', 'CreateBucket', { Bucket }, 'BucketAlreadyOwnedByYou'],
  ['a bad name', 'CreateBucket', { Bucket: 'A' }, 'InvalidBucketName: The specified bucket is not valid.'],
  ['an unknown bucket', 'HeadBucket', { Bucket: 'nowhere' }, 'NoSuchBucket: The specified bucket does not exist'],
  ['a range behind the end', 'GetObject', { Bucket, Key: 'k', Range: 'bytes=9-' }, 'InvalidRange'],
])('%s is refused', async (_, action, input, refusal) => {
  await put('k', 'hello');
  expect(await refusalOf(act(s3, action, input))).toContain(refusal);
});

test('IAM sees buckets and objects without region and account', () => {
  const resources = (action: string, input: JsonObject) => s3.actions[action]?.prepare(input, ROOT).resources;
  expect(resources('ListObjectsV2', { Bucket })).toEqual(['arn:aws:s3:::artifacts']);
  expect(resources('GetObject', { Bucket, Key: 'a/b' })).toEqual(['arn:aws:s3:::artifacts/a/b']);
});
