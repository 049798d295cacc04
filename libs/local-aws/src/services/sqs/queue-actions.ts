import { AwsError } from '../../kernel/aws-error.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { arnOf } from '../../kit/arn.ts';
import { pageOf } from '../../kit/page.ts';
import { integer, mapOf, optional, required, text, withDefault } from '../../kit/reader.ts';
import { tagMap } from '../../kit/tags.ts';
import { addQueueTags } from './attribute-actions.ts';
import type { Queue } from './queue.ts';
import type { QueueRegistry } from './queue-registry.ts';
import { createSettings } from './queue-settings.ts';
import { queueArn, queueUrl } from './queue-url.ts';
import { invalidValue, noSuchQueue } from './refusals.ts';

const PURGE_PAUSE = 60_000;

const queueName = required(text({ min: 1 }));
const ofQueue = { QueueUrl: queueUrl };

/** The actions on queues themselves. */
export function queueActions(registry: QueueRegistry): Record<string, UnboundAction> {
  return {
    CreateQueue: createQueue(registry),

    GetQueueUrl: action(
      { QueueName: queueName, QueueOwnerAWSAccountId: optional(text()) },
      {
        resources: ({ QueueName, QueueOwnerAWSAccountId: accountId }, caller) => [
          arnOf({ ...caller, ...(accountId !== undefined && { accountId }) }, 'sqs', QueueName),
        ],
        evidence: 'documented',
        run({ QueueName }) {
          const queue = registry.byName(QueueName);
          if (queue === undefined) throw noSuchQueue();
          return { QueueUrl: registry.url(queue) };
        },
      },
    ),

    /** The name is free again at once; AWS frees it after 60 seconds. */
    DeleteQueue: action(ofQueue, {
      resources: ({ QueueUrl }, caller) => [queueArn(caller, QueueUrl)],
      evidence: 'documented',
      run({ QueueUrl }) {
        registry.delete(registry.byUrl(QueueUrl));
        return {};
      },
    }),

    PurgeQueue: action(ofQueue, {
      resources: ({ QueueUrl }, caller) => [queueArn(caller, QueueUrl)],
      evidence: 'documented',
      run({ QueueUrl }) {
        purge(registry.byUrl(QueueUrl), registry.clock.now());
        return {};
      },
    }),
  };
}

const createQueue = (registry: QueueRegistry): UnboundAction =>
  action(
    { QueueName: queueName, Attributes: withDefault(mapOf(text()), {}), tags: tagMap },
    {
      resources: ({ QueueName }, caller) => [arnOf(caller, 'sqs', QueueName)],
      evidence: 'documented',
      run({ QueueName, Attributes, tags }) {
        checkName(QueueName, Attributes['FifoQueue'] === 'true');
        const settings = createSettings(Attributes);
        registry.checkRedrive(settings);
        const existing = registry.byName(QueueName);
        if (existing) {
          checkSame(existing, Attributes);
          return { QueueUrl: registry.url(existing) };
        }
        const queue = registry.create(QueueName, settings);
        addQueueTags(queue, tags);
        return { QueueUrl: registry.url(queue) };
      },
    },
  );

const pageMembers = { MaxResults: optional(integer({ min: 1, max: 1000 })), NextToken: optional(text()) };

/** The actions that list queues, in the order of their names. */
export function listActions(registry: QueueRegistry): Record<string, UnboundAction> {
  /** Without MaxResults AWS returns up to 1,000 queues and no token. [documented: API Reference, "ListQueues"] */
  const urls = (
    queues: readonly Queue[],
    { MaxResults: size, NextToken: token }: { MaxResults: number | undefined; NextToken: string | undefined },
  ): { readonly urls: readonly string[]; readonly token: { readonly NextToken?: string } } => {
    const refuse = (): AwsError => invalidValue('Invalid or expired next token.');
    const { items, next } = pageOf(queues, { size, token }, { usual: 1000, refuse });
    const more = size !== undefined && next !== undefined;
    return { urls: items.map((queue) => registry.url(queue)), token: more ? { NextToken: next } : {} };
  };

  return {
    ListQueues: action(
      { QueueNamePrefix: withDefault(text(), ''), ...pageMembers },
      {
        evidence: 'documented',
        run({ QueueNamePrefix, ...page }) {
          const queues = registry.all().filter((queue) => queue.name.startsWith(QueueNamePrefix));
          const { urls: QueueUrls, token } = urls(queues, page);
          return { ...(QueueUrls.length > 0 && { QueueUrls }), ...token };
        },
      },
    ),

    ListDeadLetterSourceQueues: action(
      { QueueUrl: queueUrl, ...pageMembers },
      {
        resources: ({ QueueUrl }, caller) => [queueArn(caller, QueueUrl)],
        evidence: 'documented',
        run({ QueueUrl, ...page }) {
          const { urls: queueUrls, token } = urls(registry.sourcesOf(registry.byUrl(QueueUrl)), page);
          return { queueUrls, ...token };
        },
      },
    ),
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

/** Creating a queue again does nothing where every attribute that is given has the value that the queue has. */
function checkSame(queue: Queue, given: Readonly<Record<string, string>>): void {
  const other = Object.keys(given).find((name) => queue.settings.attributes[name] !== given[name]);
  if (other === undefined) return;
  const message = `A queue already exists with the same name and a different value for attribute ${other}`;
  throw new AwsError('QueueNameExists', message);
}

function purge(queue: Queue, now: number): void {
  if (now < queue.purgedAt + PURGE_PAUSE) {
    const message = `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`;
    throw new AwsError('PurgeQueueInProgress', message, 403);
  }
  queue.purgedAt = now;
  queue.purge();
}
