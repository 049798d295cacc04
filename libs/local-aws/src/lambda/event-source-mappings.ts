import { AwsError } from '../aws-error.ts';
import type { Timer } from '../clock/clock.ts';
import type { Action, JsonObject, World } from '../service.ts';
import type { Sqs } from '../sqs/sqs.ts';
import { parseReference, findVersion, userError, type Reference } from './function.ts';
import type { FunctionStore } from './functions.ts';
import { invoke } from './invocation.ts';
import { doneMessages, toSqsEvent, type ReceivedMessage } from './sqs-batch.ts';

interface Mapping {
  readonly uuid: string;
  readonly queueArn: string;
  readonly queueUrl: string;
  readonly settings: Settings;
  readonly lastModified: number;
  /** Batches that are being worked on. */
  running: number;
  /** Waits until a batching window is over. */
  window: Timer | undefined;
  stop: (() => void) | undefined;
}

interface Settings {
  readonly reference: Reference;
  readonly functionArn: string;
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly enabled: boolean;
  readonly partialResponses: boolean;
  readonly maximumConcurrency: number;
}

/** AWS begins with five batches of a standard queue at once. */
const CONCURRENCY = 5;
/** One ReceiveMessage answers at most this many. */
const MOST_RECEIVED = 10;

/** Event source mappings of SQS queues: messages become batches for a function, and are deleted where it is done with them. */
export function createEventSourceMappings(
  world: World,
  functions: FunctionStore,
  sqs: Pick<Sqs, 'onAvailable'>,
): { actions: Record<string, Action>; close(): void } {
  const mappings = new Map<string, Mapping>();

  const receive = async (mapping: Mapping): Promise<ReceivedMessage[]> => {
    const batch: ReceivedMessage[] = [];
    while (batch.length < mapping.settings.batchSize) {
      const { Messages = [] } = (await world.call('sqs', 'ReceiveMessage', {
        QueueUrl: mapping.queueUrl,
        MaxNumberOfMessages: Math.min(mapping.settings.batchSize - batch.length, MOST_RECEIVED),
        WaitTimeSeconds: 0,
        AttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      })) as { Messages?: ReceivedMessage[] };
      if (Messages.length === 0) break;
      batch.push(...Messages);
    }
    return batch;
  };
  const work = async (mapping: Mapping, batch: readonly ReceivedMessage[]): Promise<void> => {
    const { reference, partialResponses } = mapping.settings;
    const fn = functions.find(reference.name);
    const event = JSON.stringify(toSqsEvent(batch, mapping.queueArn, world.region));
    const { functionError, payload } = await invoke(world, fn, findVersion(fn, reference.qualifier), event);
    if (functionError !== undefined) return;
    const done = doneMessages(batch, payload, partialResponses);
    for (let start = 0; start < done.length; start += MOST_RECEIVED) {
      const Entries = done
        .slice(start, start + MOST_RECEIVED)
        .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await world.call('sqs', 'DeleteMessageBatch', { QueueUrl: mapping.queueUrl, Entries });
    }
  };
  /** Works until the queue is empty. What fails comes back by the queue's visibility timeout. */
  const pump = async (mapping: Mapping): Promise<void> => {
    mapping.running += 1;
    try {
      for (let batch = await receive(mapping); batch.length > 0; batch = await receive(mapping))
        await work(mapping, batch);
    } catch (error) {
      // The queue or the function is gone, or throttled: the messages stay where they are.
      if (!(error instanceof AwsError)) throw error;
    } finally {
      mapping.running -= 1;
    }
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
  const halt = (mapping: Mapping): void => {
    mapping.stop?.();
    mapping.window?.cancel();
  };
  const put = (mapping: Mapping): void => {
    mappings.set(mapping.uuid, mapping);
    if (mapping.settings.enabled) mapping.stop = sqs.onAvailable(mapping.queueArn, () => available(mapping));
  };
  const find = (input: JsonObject): Mapping => {
    const mapping = mappings.get(String(input['UUID']));
    if (mapping !== undefined) return mapping;
    throw userError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
  };

  return {
    close() {
      for (const mapping of mappings.values()) halt(mapping);
    },
    actions: {
      async CreateEventSourceMapping(input) {
        const queueArn = String(input['EventSourceArn']);
        const settings = parseSettings(functions, input, queueArn.endsWith('.fifo'));
        const queueUrl = await checkQueue(
          world,
          queueArn,
          functions.find(settings.reference.name).latest.configuration.Timeout,
        );
        const mapping: Mapping = {
          uuid: world.uuid(),
          queueArn,
          queueUrl,
          settings,
          lastModified: world.clock.now() / 1000,
          running: 0,
          window: undefined,
          stop: undefined,
        };
        put(mapping);
        return { ...show(mapping), State: settings.enabled ? 'Creating' : 'Disabled' };
      },
      GetEventSourceMapping: (input) => show(find(input)),
      ListEventSourceMappings(input) {
        const { EventSourceArn, FunctionName } = input;
        const name = FunctionName === undefined ? undefined : parseReference(FunctionName).name;
        const matching = [...mappings.values()].filter(
          (mapping) =>
            (EventSourceArn === undefined || mapping.queueArn === EventSourceArn) &&
            (name === undefined || mapping.settings.reference.name === name),
        );
        return { EventSourceMappings: matching.map(show) };
      },
      UpdateEventSourceMapping(input) {
        const before = find(input);
        const settings = parseSettings(functions, input, before.queueArn.endsWith('.fifo'), before.settings);
        halt(before);
        const mapping = {
          ...before,
          settings,
          lastModified: world.clock.now() / 1000,
          window: undefined,
          stop: undefined,
        };
        put(mapping);
        return show(mapping);
      },
      DeleteEventSourceMapping(input) {
        const mapping = find(input);
        halt(mapping);
        mappings.delete(mapping.uuid);
        return { ...show(mapping), State: 'Deleting' };
      },
    },
  };
}

/** @throws {AwsError} InvalidParameterValueException, ResourceNotFoundException */
function parseSettings(functions: FunctionStore, input: JsonObject, fifo: boolean, before?: Settings): Settings {
  const reference = input['FunctionName'] === undefined ? before?.reference : parseReference(input['FunctionName']);
  if (reference === undefined) throw userError('InvalidParameterValueException', 'FunctionName is missing');
  const { arn } = functions.find(reference.name);
  if (input['FilterCriteria'] !== undefined) {
    throw userError(
      'InvalidParameterValueException',
      'FilterCriteria are not here: let the function pass over what it does not want',
    );
  }
  const batchSize = Number(input['BatchSize'] ?? before?.batchSize ?? 10);
  const windowSeconds = Number(input['MaximumBatchingWindowInSeconds'] ?? before?.windowSeconds ?? 0);
  const most = fifo ? 10 : 10_000;
  if (!(batchSize >= 1 && batchSize <= most)) {
    throw userError(
      'InvalidParameterValueException',
      `BatchSize is ${batchSize}; for this queue it must be from 1 to ${most}.`,
    );
  }
  if (batchSize > 10 && windowSeconds < 1) {
    const message = 'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10';
    throw userError('InvalidParameterValueException', message);
  }
  const responses = input['FunctionResponseTypes'] as string[] | undefined;
  const scaling = input['ScalingConfig'] as { MaximumConcurrency?: number } | undefined;
  return {
    reference,
    functionArn: reference.qualifier === undefined ? arn : `${arn}:${reference.qualifier}`,
    batchSize,
    windowSeconds,
    enabled: (input['Enabled'] as boolean | undefined) ?? before?.enabled ?? true,
    partialResponses: responses?.includes('ReportBatchItemFailures') ?? before?.partialResponses ?? false,
    maximumConcurrency: scaling?.MaximumConcurrency ?? before?.maximumConcurrency ?? CONCURRENCY,
  };
}

/** The queue's URL. @throws {AwsError} InvalidParameterValueException where it is not there or hides messages too shortly */
async function checkQueue(world: World, queueArn: string, timeoutSeconds: number): Promise<string> {
  const refuse = (message: string): Error => userError('InvalidParameterValueException', message);
  if (!queueArn.startsWith('arn:aws:sqs:'))
    throw refuse(`${queueArn} is no SQS queue, and only they are event sources here`);
  const read = async (): Promise<{ url: string; visibility: number }> => {
    const { QueueUrl } = await world.call('sqs', 'GetQueueUrl', {
      QueueName: queueArn.slice(queueArn.lastIndexOf(':') + 1),
    });
    const { Attributes } = await world.call('sqs', 'GetQueueAttributes', {
      QueueUrl,
      AttributeNames: ['VisibilityTimeout'],
    });
    return { url: String(QueueUrl), visibility: Number((Attributes as Record<string, string>)['VisibilityTimeout']) };
  };
  const { url, visibility } = await read().catch((error: unknown) => {
    if (!(error instanceof AwsError)) throw error;
    throw refuse(
      `Error occurred while ReceiveMessage. SQS Error Code: ${error.code}. SQS Error Message: ${error.message}`,
    );
  });
  if (visibility >= timeoutSeconds) return url;
  throw refuse(
    `Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${timeoutSeconds} seconds`,
  );
}

const show = ({ uuid, queueArn, settings, lastModified }: Mapping): JsonObject => ({
  UUID: uuid,
  EventSourceMappingArn: settings.functionArn.replace(/:function:.*/, `:event-source-mapping:${uuid}`),
  EventSourceArn: queueArn,
  FunctionArn: settings.functionArn,
  BatchSize: settings.batchSize,
  MaximumBatchingWindowInSeconds: settings.windowSeconds,
  State: settings.enabled ? 'Enabled' : 'Disabled',
  StateTransitionReason: 'USER_INITIATED',
  LastModified: lastModified,
  FunctionResponseTypes: settings.partialResponses ? ['ReportBatchItemFailures'] : [],
  ...(settings.maximumConcurrency === CONCURRENCY
    ? {}
    : { ScalingConfig: { MaximumConcurrency: settings.maximumConcurrency } }),
});
