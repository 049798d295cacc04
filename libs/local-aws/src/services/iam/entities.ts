import type { AwsError } from '../../kernel/aws-error.ts';
import type { Tags } from '../../kit/tags.ts';
import { alreadyExists, noSuchEntity } from './members.ts';

/** What roles, policies, instance profiles and identity providers have in common. */
export interface Entity {
  /** As requests name it; unique in the account for its kind, whatever the case of its letters. */
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly tags: Tags;
}

interface EntityWords {
  readonly exists: (name: string) => string;
  readonly missing: (name: string) => string;
}

/** The entities of one kind, in the order in which they were made. */
export class Entities<T extends Entity> {
  readonly #byName = new Map<string, T>();
  readonly #words: EntityWords;

  constructor(words: EntityWords) {
    this.#words = words;
  }

  all(): T[] {
    return [...this.#byName.values()];
  }

  get(name: string): T | undefined {
    const found = this.#byName.get(name.toLowerCase());
    return found?.name === name ? found : undefined;
  }

  /** @throws {AwsError} NoSuchEntity */
  find(name: string): T {
    const found = this.get(name);
    if (found === undefined) throw this.missing(name);
    return found;
  }

  /** @throws {AwsError} EntityAlreadyExists, also for a name that differs in the case of its letters alone [documented: CreateRole] */
  add(entity: T): T {
    const key = entity.name.toLowerCase();
    if (this.#byName.has(key)) throw alreadyExists(this.#words.exists(entity.name));
    this.#byName.set(key, entity);
    return entity;
  }

  /** Puts a changed entity in the place of the one of its name. */
  replace(entity: T): void {
    this.#byName.set(entity.name.toLowerCase(), entity);
  }

  remove(entity: T): void {
    this.#byName.delete(entity.name.toLowerCase());
  }

  missing(name: string): AwsError {
    return noSuchEntity(this.#words.missing(name));
  }
}
