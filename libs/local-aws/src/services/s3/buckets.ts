import { AwsError } from '../../kernel/aws-error.ts';
import type { Millis } from '../../kernel/clock/clock.ts';
import type { Place, World } from '../../kernel/service.ts';
import { required, text } from '../../kit/reader.ts';

/** One version of an object, or the marker that hides the ones before it. */
export interface ObjectVersion {
  readonly key: string;
  /** `null` of an object that was put while its bucket had no versioning. */
  readonly versionId: string;
  /** Undefined of a delete marker. */
  readonly body: Uint8Array | undefined;
  readonly etag: string;
  readonly lastModified: Millis;
  /** Content-Type and what else is sent with the object, by the member's name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The document of its tags, as it came. */
  tagging?: string | undefined;
}

export interface Upload {
  readonly key: string;
  readonly headers: ObjectVersion['headers'];
  readonly parts: Map<number, { readonly body: Uint8Array; readonly etag: string }>;
}

export interface Bucket {
  readonly name: string;
  readonly createdAt: Millis;
  readonly region: string;
  versioning: 'Enabled' | 'Suspended' | undefined;
  /** What is kept and given back as it came, e.g. the `Policy`. */
  readonly settings: Map<string, string>;
  /** Oldest version first, by key. */
  readonly objects: Map<string, ObjectVersion[]>;
  readonly uploads: Map<string, Upload>;
}

/** Names of buckets that are put into URLs. [documented: S3 User Guide, "Bucket naming rules"] */
export const bucketName = required(text({ min: 3, max: 63, pattern: /[a-z0-9][a-z0-9.-]+[a-z0-9]/ }));
export const objectKey = required(text({ min: 1, max: 1024 }));

/** The ARNs of buckets and objects have neither region nor account. */
export const bucketArn = ({ partition }: Place, name: string): string => `arn:${partition}:s3:::${name}`;
export const objectArn = (place: Place, bucket: string, key: string): string => `${bucketArn(place, bucket)}/${key}`;

/** The buckets of the account, by name. */
export class Buckets {
  readonly world: World;
  readonly #buckets = new Map<string, Bucket>();

  constructor(world: World) {
    this.world = world;
  }

  /** @throws {AwsError} BucketAlreadyOwnedByYou */
  create(name: string): Bucket {
    if (this.#buckets.has(name)) {
      const message = 'Your previous request to create the named bucket succeeded and you already own it.';
      throw new AwsError('BucketAlreadyOwnedByYou', message, 409);
    }
    const bucket: Bucket = {
      name,
      createdAt: this.world.clock.now(),
      region: this.world.region,
      versioning: undefined,
      settings: new Map(),
      objects: new Map(),
      uploads: new Map(),
    };
    this.#buckets.set(name, bucket);
    return bucket;
  }

  /** The policy of the bucket that an ARN is about, or an object in it. */
  policyOf(arn: string): string | undefined {
    return this.#byArn(arn)?.settings.get('BucketPolicy');
  }

  /** The tags of a bucket; objects have none here. They are kept as the XML that came. */
  tagsOf(arn: string): ReadonlyMap<string, string> {
    const text = arn.includes('/') ? '' : (this.#byArn(arn)?.settings.get('BucketTagging') ?? '');
    const pairs = text.matchAll(/<Key>([^<]*)<\/Key>\s*<Value>([^<]*)<\/Value>/g);
    return new Map([...pairs].map(([, key = '', value = '']) => [key, value]));
  }

  #byArn(arn: string): Bucket | undefined {
    return this.#buckets.get(/^arn:[^:]+:s3:::([^/]+)/.exec(arn)?.[1] ?? '');
  }

  /** @throws {AwsError} NoSuchBucket */
  find(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (bucket !== undefined) return bucket;
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
  }

  /** @throws {AwsError} BucketNotEmpty */
  delete(bucket: Bucket): void {
    if (bucket.objects.size > 0) {
      throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409);
    }
    this.#buckets.delete(bucket.name);
  }

  /** In the order of their names. */
  all(): Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Puts a version on top of an object, or in place of it where the bucket keeps no versions. */
  add(bucket: Bucket, version: Omit<ObjectVersion, 'versionId' | 'lastModified'>): ObjectVersion {
    const versionId = bucket.versioning === 'Enabled' ? this.world.uuid().replaceAll('-', '') : 'null';
    const added: ObjectVersion = { ...version, versionId, lastModified: this.world.clock.now() };
    const before = bucket.objects.get(version.key) ?? [];
    const kept = bucket.versioning === undefined ? [] : before.filter((old) => old.versionId !== versionId);
    bucket.objects.set(version.key, [...kept, added]);
    return added;
  }
}

type Body = Uint8Array;
/** A version that holds something. */
export type Content = ObjectVersion & { readonly body: Body };

const hasContent = (version: ObjectVersion): version is Content => version.body !== undefined;

/** @throws {AwsError} NoSuchKey, NoSuchVersion, MethodNotAllowed for a delete marker that is asked for by its id */
export function contentOf(bucket: Bucket, key: string, versionId?: string): Content {
  const versions = bucket.objects.get(key) ?? [];
  const found = versionId === undefined ? versions.at(-1) : versions.find((version) => version.versionId === versionId);
  if (found === undefined && versionId !== undefined) {
    throw new AwsError('NoSuchVersion', 'The specified version does not exist.', 404);
  }
  if (found !== undefined && hasContent(found)) return found;
  if (found === undefined || versionId === undefined) {
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  }
  throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405);
}
