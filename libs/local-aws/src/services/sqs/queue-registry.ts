import type { JsonObject, World } from '../../kernel/service.ts';
import { requiredString } from './members.ts';
import { Queue, type QueueHost } from './queue.ts';
import type { QueueSettings } from './queue-settings.ts';
import { noSuchQueue, refusal } from './refusals.ts';

/** All queues of the account, and who listens to them. */
export class QueueRegistry implements QueueHost {
  readonly clock;
  readonly #world: World;
  readonly #queues = new Map<string, Queue>();
  readonly #listeners = new Map<string, Set<() => void>>();

  constructor(world: World) {
    this.#world = world;
    this.clock = world.clock;
  }

  uuid(): string {
    return this.#world.uuid();
  }

  create(name: string, settings: QueueSettings): Queue {
    const queue = new Queue(this, name, this.#arn(name), settings);
    this.#queues.set(name, queue);
    return queue;
  }

  delete(queue: Queue): void {
    this.#queues.delete(queue.name);
    queue.close();
  }

  byName(name: string): Queue | undefined {
    return this.#queues.get(name);
  }

  find(queueArn: string): Queue | undefined {
    const name = queueArn.slice(queueArn.lastIndexOf(':') + 1);
    return queueArn === this.#arn(name) ? this.#queues.get(name) : undefined;
  }

  /** In the order of their names. */
  all(): Queue[] {
    return [...this.#queues.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  url(queue: Queue): string {
    return `${this.#world.endpoint()}/${this.#world.accountId}/${queue.name}`;
  }

  /** The queue of a request. Of its QueueUrl the last two parts of the path count, account and name. @throws {AwsError} */
  byUrl(input: JsonObject): Queue {
    const url = requiredString(input, 'QueueUrl');
    const [account, name] = url.split('/').slice(-2);
    if (account === undefined || name === undefined) {
      throw refusal('InvalidAddress', `The address ${url} is not valid for this endpoint.`);
    }
    const queue = account === this.#world.accountId ? this.#queues.get(name) : undefined;
    if (queue === undefined) throw noSuchQueue();
    queue.expire();
    return queue;
  }

  announce(queue: Queue): void {
    for (const listener of this.#listeners.get(queue.arn) ?? []) listener();
  }

  onAvailable(queueArn: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(queueArn) ?? new Set();
    this.#listeners.set(queueArn, listeners.add(listener));
    if ((this.find(queueArn)?.counts.visible ?? 0) > 0) listener();
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(queueArn);
    };
  }

  close(): void {
    for (const queue of this.#queues.values()) queue.close();
    this.#listeners.clear();
  }

  #arn(name: string): string {
    return `arn:aws:sqs:${this.#world.region}:${this.#world.accountId}:${name}`;
  }
}
