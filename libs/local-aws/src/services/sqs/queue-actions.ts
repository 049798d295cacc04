import type { LegacyAction as Action } from '../../kit/legacy.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { integerBetween, optionalString, requiredString, stringMap, strings } from './members.ts';
import type { Queue } from './queue.ts';
import type { QueueRegistry } from './queue-registry.ts';
import { changeSettings, createSettings, settableAttributes, type QueueSettings } from './queue-settings.ts';
import { invalidParameter, invalidValue, noSuchQueue, refusal } from './refusals.ts';

const PURGE_PAUSE = 60_000;

/** The actions on queues themselves. */
export function queueActions(registry: QueueRegistry): Record<string, Action> {
  return {
    CreateQueue(input) {
      const name = requiredString(input, 'QueueName');
      const given = stringMap(input, 'Attributes');
      checkName(name, given['FifoQueue'] === 'true');
      const settings = createSettings(given);
      checkRedrive(registry, settings);
      const existing = registry.byName(name);
      if (existing) checkSame(existing, given);
      const queue = existing ?? registry.create(name, settings);
      if (!existing) setTags(queue, stringMap(input, 'tags'));
      return { QueueUrl: registry.url(queue) };
    },

    GetQueueUrl(input) {
      const queue = registry.byName(requiredString(input, 'QueueName'));
      if (queue === undefined) throw noSuchQueue();
      return { QueueUrl: registry.url(queue) };
    },

    GetQueueAttributes(input) {
      const attributes = attributesOf(registry.byUrl(input), strings(input, 'AttributeNames'));
      return Object.keys(attributes).length === 0 ? {} : { Attributes: attributes };
    },

    SetQueueAttributes(input) {
      const queue = registry.byUrl(input);
      const settings = changeSettings(queue.settings, stringMap(input, 'Attributes'));
      if (settings.attributes['RedrivePolicy'] !== queue.settings.attributes['RedrivePolicy'])
        checkRedrive(registry, settings);
      queue.configure(settings);
      return {};
    },

    ListQueues(input) {
      const prefix = optionalString(input, 'QueueNamePrefix') ?? '';
      const queues = registry.all().filter((queue) => queue.name.startsWith(prefix));
      const { page, token } = onePage(queues, input);
      return { ...(page.length > 0 && { QueueUrls: page.map((queue) => registry.url(queue)) }), ...token };
    },

    ListDeadLetterSourceQueues(input) {
      const { arn } = registry.byUrl(input);
      const sources = registry.all().filter((queue) => queue.settings.redrive?.deadLetterTargetArn === arn);
      const { page, token } = onePage(sources, input);
      return { queueUrls: page.map((queue) => registry.url(queue)), ...token };
    },

    /** The name is free again at once; AWS makes one wait for 60 seconds. */
    DeleteQueue(input) {
      registry.delete(registry.byUrl(input));
      return {};
    },

    PurgeQueue(input) {
      const queue = registry.byUrl(input);
      const now = registry.clock.now();
      if (now < queue.purgedAt + PURGE_PAUSE) {
        const message = `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`;
        throw refusal('PurgeQueueInProgress', message, 403);
      }
      queue.purgedAt = now;
      queue.purge();
      return {};
    },

    TagQueue(input) {
      setTags(registry.byUrl(input), stringMap(input, 'Tags'));
      return {};
    },

    UntagQueue(input) {
      const queue = registry.byUrl(input);
      for (const key of strings(input, 'TagKeys')) queue.tags.delete(key);
      return {};
    },

    ListQueueTags(input) {
      const { tags } = registry.byUrl(input);
      return tags.size === 0 ? {} : { Tags: Object.fromEntries(tags) };
    },
  };
}

function checkName(name: string, fifo: boolean): void {
  if (fifo && !/^[A-Za-z0-9_-]{1,75}\.fifo$/.test(name)) {
    throw invalidValue(
      'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.',
    );
  }
  if (!fifo && !/^[A-Za-z0-9_-]{1,80}$/.test(name)) {
    throw invalidValue('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
  }
}

/** The dead-letter queue has to be there, and of the same type. */
function checkRedrive(registry: QueueRegistry, { attributes, redrive, fifo }: QueueSettings): void {
  if (redrive === undefined) return;
  const bad = (reason: string) => invalidParameter('RedrivePolicy', attributes['RedrivePolicy'] ?? '', reason);
  const target = registry.find(redrive.deadLetterTargetArn);
  if (target === undefined) throw bad('Dead letter target does not exist.');
  if (target.settings.fifo !== fifo) throw bad('Dead-letter queue must be same type of queue as the source.');
}

/** Creating a queue again is harmless where every attribute that is given has the value that it has. */
function checkSame(queue: Queue, given: Readonly<Record<string, string>>): void {
  const other = Object.keys(given).find((name) => queue.settings.attributes[name] !== given[name]);
  if (other === undefined) return;
  const message = `A queue already exists with the same name and a different value for attribute ${other}`;
  throw refusal('QueueNameExists', message);
}

function setTags(queue: Queue, tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) queue.tags.set(key, value);
  if (queue.tags.size > 50) throw invalidValue(`Too many tags added for queue ${queue.name}.`);
}

function attributesOf(queue: Queue, names: readonly string[]): JsonObject {
  const seconds = (time: number): string => String(Math.floor(time / 1000));
  const all: Record<string, string> = {
    ...queue.settings.attributes,
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(queue.counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(queue.counts['in flight']),
    ApproximateNumberOfMessagesDelayed: String(queue.counts.delayed),
    CreatedTimestamp: seconds(queue.createdAt),
    LastModifiedTimestamp: seconds(queue.modifiedAt),
  };
  if (names.includes('All')) return all;
  const unknown = names.find((name) => !(name in all) && !settableAttributes.includes(name));
  if (unknown !== undefined) throw refusal('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}

/** Without MaxResults AWS answers up to 1,000 queues and no token. */
function onePage(queues: readonly Queue[], input: JsonObject): { page: readonly Queue[]; token: JsonObject } {
  const size = integerBetween(input, 'MaxResults', 1, 1000);
  const after = Buffer.from(optionalString(input, 'NextToken') ?? '', 'base64').toString();
  const rest = queues.filter((queue) => queue.name > after);
  const page = rest.slice(0, size ?? 1000);
  const last = page.at(-1);
  const more = size !== undefined && rest.length > page.length && last !== undefined;
  return { page, token: more ? { NextToken: Buffer.from(last.name).toString('base64') } : {} };
}
