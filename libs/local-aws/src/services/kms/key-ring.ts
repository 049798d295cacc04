import { AwsError } from '../../kernel/aws-error.ts';
import type { World } from '../../kernel/service.ts';
import { arnOf } from '../../kit/arn.ts';
import { pageOf } from '../../kit/page.ts';
import { integer, optional, required, text } from '../../kit/reader.ts';
import type { Key, KeyUsage } from './key.ts';

/** An alias points at a key. */
export interface Alias {
  readonly name: string;
  readonly arn: string;
  readonly keyId: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A key's id or ARN, or an alias's name or ARN. */
export const keyId = required(text({ min: 1, max: 2048 }));

/** The keys and aliases of the account, in the order of their creation. */
export class KeyRing {
  readonly world: World;
  readonly aliases = new Map<string, Alias>();
  readonly #keys = new Map<string, Key>();

  constructor(world: World) {
    this.world = world;
  }

  arn(resource: string): string {
    return arnOf(this.world, 'kms', resource);
  }

  add(key: Key): void {
    this.#keys.set(key.id, key);
  }

  all(): Key[] {
    return [...this.#keys.values()].filter((key) => !this.#isPast(key));
  }

  /** By its ARN. */
  get(arn: string): Key | undefined {
    const key = this.#keys.get(arn.slice(arn.lastIndexOf('/') + 1));
    return key?.arn === arn && !this.#isPast(key) ? key : undefined;
  }

  /** The names of a key's aliases. */
  aliasesOf(arn: string): string[] {
    const id = arn.slice(arn.lastIndexOf('/') + 1);
    return [...this.aliases.values()].filter((alias) => alias.keyId === id).map(({ name }) => name);
  }

  /** By id, ARN, alias or the alias's ARN. @throws {AwsError} NotFoundException */
  find(given: string): Key {
    const name = given.startsWith('arn:') ? given.slice(given.lastIndexOf(':') + 1) : given;
    if (given.startsWith('arn:') && this.arn(name) !== given) throw notFound(`Invalid arn ${given}`);
    if (name.startsWith('alias/')) {
      const alias = this.aliases.get(name);
      if (alias === undefined) throw notFound(`Alias ${this.arn(name)} is not found.`);
      return this.#byId(alias.keyId);
    }
    const id = name.replace(/^key\//, '');
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) throw notFound(`Invalid keyId '${given}'`);
    return this.#byId(id);
  }

  /** The key's ARN as IAM sees it: of an alias that of its key. What is not there has the ARN that it would have. */
  resource(given: string): string {
    if (given.startsWith('arn:') && !given.includes(':alias/')) return given;
    const name = given.slice(given.lastIndexOf(':') + 1);
    return this.arn(`key/${this.aliases.get(name)?.keyId ?? name}`);
  }

  /** A key that may do this kind of cryptography now. @throws {AwsError} NotFound-, Disabled-, KMSInvalidState-, InvalidKeyUsageException */
  usable(given: string, usage: KeyUsage, action: string): Key {
    const key = this.find(given);
    if (key.state.name === 'Disabled') throw new AwsError('DisabledException', `${key.arn} is disabled.`);
    refusePendingDeletion(key);
    if (key.usage !== usage) {
      const message = `${key.arn} key usage is ${key.usage} which is not valid for ${action}.`;
      throw new AwsError('InvalidKeyUsageException', message);
    }
    return key;
  }

  #byId(id: string): Key {
    const key = this.#keys.get(id);
    if (key === undefined || this.#isPast(key)) throw notFound(`Key '${this.arn(`key/${id}`)}' does not exist`);
    return key;
  }

  /** A key is gone when its deletion is due, with its aliases. */
  #isPast(key: Key): boolean {
    if (key.state.name !== 'PendingDeletion' || key.state.deletionAt > this.world.clock.now()) return false;
    this.#keys.delete(key.id);
    for (const alias of this.aliases.values()) if (alias.keyId === key.id) this.aliases.delete(alias.name);
    return true;
  }
}

export function refusePendingDeletion(key: Key): void {
  if (key.state.name === 'PendingDeletion') {
    throw new AwsError('KMSInvalidStateException', `${key.arn} is pending deletion.`);
  }
}

export const notFound = (message: string): AwsError => new AwsError('NotFoundException', message);

/** `Limit` items from `Marker` on, as every list of KMS is paged. */
export const pageMembers = {
  Limit: optional(integer({ min: 1, max: 1000 })),
  Marker: optional(text({ min: 1, max: 1024 })),
};

export function listOf<T>(
  items: readonly T[],
  { Limit, Marker }: { readonly Limit: number | undefined; readonly Marker: string | undefined },
  usual: number,
): { readonly items: readonly T[]; readonly rest: { readonly Truncated: boolean; readonly NextMarker?: string } } {
  const refuse = (): AwsError => new AwsError('InvalidMarkerException', 'Could not deserialize marker');
  const { items: page, next } = pageOf(items, { size: Limit, token: Marker }, { usual, refuse });
  return { items: page, rest: { ...(next !== undefined && { NextMarker: next }), Truncated: next !== undefined } };
}
