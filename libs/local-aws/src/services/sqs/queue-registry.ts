import { AwsError } from '../../kernel/aws-error.ts';
import type { World } from '../../kernel/service.ts';
import { arnOf } from '../../kit/arn.ts';
import { Queue, type QueueHost } from './queue.ts';
import type { QueueSettings } from './queue-settings.ts';
import { parseQueueUrl } from './queue-url.ts';
import { invalidParameter, noSuchQueue } from './refusals.ts';

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

  get unkindness(): World['unkindness'] {
    return this.#world.unkindness;
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

  /** @throws {AwsError} InvalidAddress, QueueDoesNotExist */
  byUrl(url: string): Queue {
    const parsed = parseQueueUrl(url);
    if (parsed === undefined) {
      throw new AwsError('InvalidAddress', `The address ${url} is not valid for this endpoint.`);
    }
    const queue = parsed.accountId === this.#world.accountId ? this.#queues.get(parsed.name) : undefined;
    if (queue === undefined) throw noSuchQueue();
    queue.expire();
    return queue;
  }

  /** The queues whose dead-letter queue this is, in the order of their names. */
  sourcesOf({ arn }: Queue): Queue[] {
    return this.all().filter((queue) => queue.settings.redrive?.deadLetterTargetArn === arn);
  }

  /** The dead-letter queue has to exist and be of the same type. @throws {AwsError} InvalidParameterValue */
  checkRedrive({ attributes, redrive, fifo }: QueueSettings): void {
    if (redrive === undefined) return;
    const bad = (reason: string) => invalidParameter('RedrivePolicy', attributes['RedrivePolicy'] ?? '', reason);
    const target = this.find(redrive.deadLetterTargetArn);
    if (target === undefined) throw bad('Dead letter target does not exist.');
    if (target.settings.fifo !== fifo) throw bad('Dead-letter queue must be same type of queue as the source.');
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
    return arnOf(this.#world, 'sqs', name);
  }
}
