/**
 * The protocol of Amazon S3: the method, the bucket, the key and one word of the query name the action. A bucket stands in the path or in front
 * of the host's name. Bodies are the objects themselves; all else is XML.
 */
import type { AwsError } from '../../kernel/aws-error.ts';
import { header, type HttpAnswer, type HttpRequest } from '../../kernel/http.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { s3Body } from './s3-body.ts';
import { s3Xml, elements, firstElement } from './s3-xml.ts';

export interface S3Call {
  readonly action: string;
  readonly input: JsonObject;
}

/** The word of the query that names what of a bucket is meant, and its part in the actions' names. */
const BUCKET_PARTS: Readonly<Record<string, string>> = {
  accelerate: 'BucketAccelerateConfiguration',
  acl: 'BucketAcl',
  cors: 'BucketCors',
  encryption: 'BucketEncryption',
  lifecycle: 'BucketLifecycleConfiguration',
  location: 'BucketLocation',
  logging: 'BucketLogging',
  'object-lock': 'ObjectLockConfiguration',
  ownershipControls: 'BucketOwnershipControls',
  policy: 'BucketPolicy',
  publicAccessBlock: 'PublicAccessBlock',
  replication: 'BucketReplication',
  requestPayment: 'BucketRequestPayment',
  tagging: 'BucketTagging',
  versioning: 'BucketVersioning',
  website: 'BucketWebsite',
};
/** The same for an object. */
const OBJECT_PARTS: Readonly<Record<string, string>> = { acl: 'ObjectAcl', tagging: 'ObjectTagging' };
/** Other words of the query that name an action, none of which is here; they are not to be taken for none. */
const FOREIGN =
  /^(analytics|intelligent-tiering|inventory|legal-hold|metrics|notification|policyStatus|restore|retention|select|torrent|attributes)$/;

const VERBS: Readonly<Record<string, string>> = { GET: 'Get', PUT: 'Put', DELETE: 'Delete' };

/** @throws {AwsError} for a body that is not what its headers say */
export function parseS3(request: HttpRequest): S3Call {
  const { bucket, key } = addressOf(request);
  const query = Object.fromEntries(new URLSearchParams(request.query));
  const named = { ...(bucket !== '' && { Bucket: bucket }), ...(key !== '' && { Key: key }) };
  const foreign = Object.keys(query).find((word) => FOREIGN.test(word));
  if (foreign !== undefined) return { action: `${VERBS[request.method] ?? request.method} ?${foreign}`, input: named };
  if (bucket === '') return { action: request.method === 'GET' ? 'ListBuckets' : request.method, input: {} };
  return key === '' ? bucketCall(request, query, named) : objectCall(request, query, named);
}

function addressOf(request: HttpRequest): { readonly bucket: string; readonly key: string } {
  const path = decodeURIComponent(request.path).replace(/^\//, '');
  const [, host = ''] = /^(.+?)(?:\.s3(?:[.-][\w-]+)?)?\.localhost(?::\d+)?$/.exec(header(request, 'host') ?? '') ?? [];
  if (host !== '' && host !== 's3') return { bucket: host, key: path };
  const slash = path.indexOf('/');
  return slash < 0 ? { bucket: path, key: '' } : { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

type Query = Readonly<Record<string, string>>;

function bucketCall(request: HttpRequest, query: Query, named: JsonObject): S3Call {
  const { method } = request;
  const part = Object.keys(query).find((word) => Object.hasOwn(BUCKET_PARTS, word));
  if (part !== undefined) {
    const text = request.body.length === 0 ? undefined : s3Body(request).toString('utf8');
    const members = part === 'versioning' ? { Status: text && firstElement(text, 'Status') } : { Document: text };
    return { action: `${VERBS[method] ?? method}${BUCKET_PARTS[part]}`, input: { ...named, ...members } };
  }
  if (method === 'POST' && 'delete' in query) {
    const objects = elements(s3Body(request).toString('utf8'), 'Object');
    const Objects = objects.map((of) => ({ Key: firstElement(of, 'Key'), VersionId: firstElement(of, 'VersionId') }));
    return { action: 'DeleteObjects', input: { ...named, Objects } };
  }
  if (method === 'GET') {
    const members = Object.entries(query).map(([word, value]) => [memberOf(word), value]);
    const input = { ...named, ...(Object.fromEntries(members) as JsonObject) };
    if ('versions' in query) return { action: 'ListObjectVersions', input };
    return { action: query['list-type'] === '2' ? 'ListObjectsV2' : 'ListObjects', input };
  }
  return {
    action: { PUT: 'CreateBucket', DELETE: 'DeleteBucket', HEAD: 'HeadBucket' }[method] ?? method,
    input: named,
  };
}

/** `max-keys` is MaxKeys. */
const memberOf = (word: string): string => word.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());

function objectCall(request: HttpRequest, query: Query, named: JsonObject): S3Call {
  const { method } = request;
  const { uploadId: UploadId, partNumber: PartNumber, versionId: VersionId } = query;
  const part = Object.keys(query).find((word) => Object.hasOwn(OBJECT_PARTS, word));
  if (part !== undefined) {
    const Document = request.body.length === 0 ? undefined : s3Body(request).toString('utf8');
    return { action: `${VERBS[method] ?? method}${OBJECT_PARTS[part]}`, input: { ...named, VersionId, Document } };
  }
  if (UploadId !== undefined) {
    const input = { ...named, UploadId };
    if (method === 'PUT') return { action: 'UploadPart', input: { ...input, PartNumber, Body: s3Body(request) } };
    if (method === 'DELETE') return { action: 'AbortMultipartUpload', input };
    const Parts = elements(s3Body(request).toString('utf8'), 'Part').map((part) => ({
      PartNumber: Number(firstElement(part, 'PartNumber')),
      ETag: firstElement(part, 'ETag'),
    }));
    return { action: 'CompleteMultipartUpload', input: { ...input, Parts } };
  }
  if (method === 'POST' && 'uploads' in query) {
    return { action: 'CreateMultipartUpload', input: { ...named, Headers: objectHeaders(request) } };
  }
  if (method === 'PUT') {
    if (header(request, 'x-amz-copy-source') !== undefined) return { action: 'CopyObject', input: named };
    const conditions = { IfNoneMatch: header(request, 'if-none-match'), IfMatch: header(request, 'if-match') };
    const Body = s3Body(request);
    return { action: 'PutObject', input: { ...named, ...conditions, Body, Headers: objectHeaders(request) } };
  }
  const input = { ...named, VersionId, Range: header(request, 'range') };
  return { action: { GET: 'GetObject', HEAD: 'HeadObject', DELETE: 'DeleteObject' }[method] ?? method, input };
}

/** Headers that are kept with an object, and the members that they are. */
const OBJECT_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'CacheControl',
  'content-disposition': 'ContentDisposition',
  'content-encoding': 'ContentEncoding',
  'content-language': 'ContentLanguage',
  'content-type': 'ContentType',
};

function objectHeaders(request: HttpRequest): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    const member = OBJECT_HEADERS[name] ?? (name.startsWith('x-amz-meta-') ? name : undefined);
    // The encoding of the transfer is none of the object's.
    const text = String(value).replace(/^aws-chunked,?\s*/, '');
    if (member !== undefined && text !== '') kept[member] = text;
  }
  return kept;
}

/** Members of responses that are headers. */
const RESPONSE_HEADERS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(OBJECT_HEADERS).map(([name, member]) => [member, name])),
  AcceptRanges: 'accept-ranges',
  BucketRegion: 'x-amz-bucket-region',
  ContentRange: 'content-range',
  DeleteMarker: 'x-amz-delete-marker',
  LastModified: 'last-modified',
  VersionId: 'x-amz-version-id',
};

const NO_CONTENT = /^(Delete(?!Objects)|AbortMultipartUpload)/;

export function s3Answer({ action, input }: S3Call, output: JsonObject): HttpAnswer {
  const headers: Record<string, string> = {};
  for (const [member, value] of Object.entries(output)) {
    const name = RESPONSE_HEADERS[member] ?? (member.startsWith('x-amz-meta-') ? member : undefined);
    if (name !== undefined) headers[name] = String(value);
  }
  if (typeof output['ETag'] === 'string' && !action.startsWith('Complete')) headers['etag'] = output['ETag'];
  if (NO_CONTENT.test(action)) return { status: 204, headers, body: '' };
  if (action === 'GetObject') {
    return { status: input['Range'] === undefined ? 200 : 206, headers, body: output['Body'] as Uint8Array };
  }
  if (action === 'HeadObject') headers['content-length'] = String(output['ContentLength']);
  if (typeof output['Document'] === 'string') return { status: 200, headers, body: output['Document'] };
  const body = s3Xml(action, output);
  if (body !== '') headers['content-type'] = 'application/xml';
  return { status: 200, headers, body };
}

/** A refusal of HEAD is its status alone. */
export function s3Refusal(request: HttpRequest, error: AwsError, requestId: string): HttpAnswer {
  const members = { Code: error.code, Message: error.message, Resource: request.path, RequestId: requestId };
  const body = request.method === 'HEAD' ? '' : s3Xml('Error', members);
  return { status: error.status, headers: { 'content-type': 'application/xml' }, body };
}
