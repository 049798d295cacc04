import { AwsError } from '../../kernel/aws-error.ts';
import { roleCaller } from '../../kernel/caller.ts';
import type { Caller, World } from '../../kernel/service.ts';
import type { Sqs } from '../sqs/sqs.ts';
import type { Mapping } from './event-source-mapping.ts';
import { findVersion } from './function.ts';
import type { FunctionStore } from './functions.ts';
import { invoke } from './invocation.ts';
import { doneMessages, toSqsEvent, type ReceivedMessage } from './sqs-batch.ts';

/** Moves messages from queues to functions. */
export interface MappingPump {
  start(mapping: Mapping): void;
  /** Takes no more; batches that are under way end by themselves. */
  halt(mapping: Mapping): void;
}

/** One ReceiveMessage answers at most this many. */
const MOST_RECEIVED = 10;

export function createMappingPump(world: World, functions: FunctionStore, sqs: Pick<Sqs, 'onAvailable'>): MappingPump {
  const listen = (mapping: Mapping): void => {
    mapping.stop = sqs.onAvailable(mapping.queueArn, () => available(mapping));
  };
  const available = (mapping: Mapping): void => {
    const { windowSeconds, maximumConcurrency } = mapping.settings;
    if (mapping.running >= maximumConcurrency || mapping.window !== undefined) return;
    if (windowSeconds === 0) return void world.activity.track(pump(mapping));
    mapping.window = world.clock.at(world.clock.now() + windowSeconds * 1000, () => {
      mapping.window = undefined;
      void world.activity.track(pump(mapping));
    });
  };
  /** Works until the queue is empty. What fails comes back by the queue's visibility timeout. */
  const pump = async (mapping: Mapping): Promise<void> => {
    mapping.running += 1;
    try {
      for (;;) {
        const batch = await receive(world, pollerOf(world, functions, mapping), mapping);
        if (batch.length === 0) break;
        await work(world, functions, mapping, batch);
      }
    } catch (error) {
      // The queue or the function is gone, or throttled: the messages stay where they are.
      if (!(error instanceof AwsError)) throw error;
    } finally {
      mapping.running -= 1;
      // A message that came as the last look was under way met nobody: listening anew tells of it.
      if (mapping.stop !== undefined) {
        mapping.stop();
        listen(mapping);
      }
    }
  };

  return {
    start: listen,
    halt(mapping) {
      mapping.stop?.();
      mapping.stop = undefined;
      mapping.window?.cancel();
    },
  };
}

/** A queue is polled as the function's role. [documented: Lambda Developer Guide, "Using Lambda with Amazon SQS"] */
export function pollerOf(world: World, functions: FunctionStore, { settings }: Pick<Mapping, 'settings'>): Caller {
  const { name, latest } = functions.find(settings.reference.name);
  return roleCaller(world, latest.configuration.Role, name);
}

async function receive(world: World, caller: Caller, { queueUrl, settings }: Mapping): Promise<ReceivedMessage[]> {
  const batch: ReceivedMessage[] = [];
  while (batch.length < settings.batchSize) {
    const { Messages = [] } = (await world.call(caller, 'sqs:ReceiveMessage', {
      QueueUrl: queueUrl,
      MaxNumberOfMessages: Math.min(settings.batchSize - batch.length, MOST_RECEIVED),
      WaitTimeSeconds: 0,
      AttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    })) as { Messages?: ReceivedMessage[] };
    if (Messages.length === 0) break;
    batch.push(...Messages);
  }
  return batch;
}

async function work(
  world: World,
  functions: FunctionStore,
  mapping: Mapping,
  batch: readonly ReceivedMessage[],
): Promise<void> {
  const { queueArn, queueUrl, settings } = mapping;
  const fn = functions.find(settings.reference.name);
  const event = JSON.stringify(toSqsEvent(batch, queueArn, world.region));
  const { functionError, payload } = await invoke(world, fn, findVersion(fn, settings.reference.qualifier), event);
  if (functionError !== undefined) return;
  const done = doneMessages(batch, payload, settings.partialResponses);
  for (let start = 0; start < done.length; start += MOST_RECEIVED) {
    const Entries = done
      .slice(start, start + MOST_RECEIVED)
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await world.call(pollerOf(world, functions, mapping), 'sqs:DeleteMessageBatch', { QueueUrl: queueUrl, Entries });
  }
}
