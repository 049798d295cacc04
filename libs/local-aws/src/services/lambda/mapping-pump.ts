import { AwsError } from '../../kernel/aws-error.ts';
import { roleCaller } from '../../kernel/caller.ts';
import type { Caller, World } from '../../kernel/service.ts';
import { readResponse } from '../../kit/response.ts';
import type { Mapping } from './event-source-mapping.ts';
import { findVersion } from './function.ts';
import type { FunctionStore } from './function-store.ts';
import { invoke } from './invocation.ts';
import { doneMessages, receivedMessages, toSqsEvent, type ReceivedMessage } from './sqs-batch.ts';

/** Tells when queues have messages. */
export interface QueueSignals {
  /**
   * Calls the listener whenever the queue has visible messages that no waiting poll took, and at once if there are some now.
   * @returns how to stop
   */
  onAvailable(queueArn: string, listener: () => void): () => void;
}

/** Moves messages from queues to functions. */
export interface MappingPump {
  start(mapping: Mapping): void;
  /** Takes no more batches; those under way end by themselves. */
  halt(mapping: Mapping): void;
}

/** One ReceiveMessage returns at most this many. [documented: SQS API Reference] */
const MAX_RECEIVED = 10;

export function createMappingPump(world: World, functions: FunctionStore, queues: QueueSignals): MappingPump {
  const listen = (mapping: Mapping): void => {
    mapping.stop = queues.onAvailable(mapping.queueArn, () => available(mapping));
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
      // A message that came during the last ReceiveMessage was signalled to nobody: listening again signals it.
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
    const response = await world.call(caller, 'sqs:ReceiveMessage', {
      QueueUrl: queueUrl,
      MaxNumberOfMessages: Math.min(settings.batchSize - batch.length, MAX_RECEIVED),
      WaitTimeSeconds: 0,
      AttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    const { Messages } = readResponse(receivedMessages, response);
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
  for (let start = 0; start < done.length; start += MAX_RECEIVED) {
    const Entries = done
      .slice(start, start + MAX_RECEIVED)
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await world.call(pollerOf(world, functions, mapping), 'sqs:DeleteMessageBatch', { QueueUrl: queueUrl, Entries });
  }
}
