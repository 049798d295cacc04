import { AwsError } from '../../kernel/aws-error.ts';
import type { Millis, Timer } from '../../kernel/clock/clock.ts';
import type { Caller, JsonObject, World } from '../../kernel/service.ts';
import { arnOf, parseArn, queueUrlOf } from '../../kit/arn.ts';
import { flag, integer, list, mapOf, oneOf, opaque, optional, required, structure, text } from '../../kit/reader.ts';
import type { Members } from '../../kit/reader.ts';
import { readResponse } from '../../kit/response.ts';
import type { Tags } from '../../kit/tags.ts';
import { userError } from './function.ts';
import type { FunctionStore } from './function-store.ts';
import { functionReference, type Reference } from './reference.ts';

/** A queue whose messages go to a function. */
export interface Mapping {
  readonly uuid: string;
  readonly queueArn: string;
  readonly queueUrl: string;
  readonly settings: Settings;
  readonly lastModified: Millis;
  readonly tags: Tags;
  /** Batches that are being worked on. */
  running: number;
  /** Waits until a batching window is over. */
  window: Timer | undefined;
  /** Ends listening to the queue; undefined while nobody listens. */
  stop: (() => void) | undefined;
}

export interface Settings {
  readonly reference: Reference;
  readonly functionArn: string;
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly enabled: boolean;
  readonly partialResponses: boolean;
  readonly maximumConcurrency: number;
}

/** The members of a create or an update. */
export const settingsMembers = {
  FunctionName: optional(functionReference),
  Enabled: optional(flag),
  BatchSize: optional(integer({ min: 1, max: 10_000 })),
  MaximumBatchingWindowInSeconds: optional(integer({ min: 0, max: 300 })),
  FunctionResponseTypes: optional(list(oneOf(['ReportBatchItemFailures']), { max: 1 })),
  ScalingConfig: optional(structure({ MaximumConcurrency: optional(integer({ min: 2, max: 1000 })) })),
  FilterCriteria: optional(opaque),
};

/** AWS begins with five batches of a standard queue at once. [documented: Lambda Developer Guide, "SQS scaling"] */
const CONCURRENCY = 5;
const MAX_FIFO_BATCH = 10;
/** A batch over this needs a batching window. [documented: Lambda API Reference, "CreateEventSourceMapping"] */
const MAX_BATCH_WITHOUT_WINDOW = 10;

const refuse = (message: string): AwsError => userError('InvalidParameterValueException', message);

/**
 * The settings that result from a create (no `before`) or an update.
 * @throws {AwsError} InvalidParameterValueException, ResourceNotFoundException
 */
export function configureMapping(
  functions: FunctionStore,
  given: Members<typeof settingsMembers>,
  fifo: boolean,
  before?: Settings,
): Settings {
  const reference = given.FunctionName ?? before?.reference;
  if (reference === undefined) throw refuse('FunctionName is missing');
  const { arn } = functions.find(reference.name);
  if (given.FilterCriteria !== undefined) {
    throw refuse('FilterCriteria are not supported here: let the function ignore what it does not want');
  }
  const batchSize = given.BatchSize ?? before?.batchSize ?? 10;
  const windowSeconds = given.MaximumBatchingWindowInSeconds ?? before?.windowSeconds ?? 0;
  if (fifo && batchSize > MAX_FIFO_BATCH) {
    throw refuse(`BatchSize is ${batchSize}; for this queue it must be from 1 to ${MAX_FIFO_BATCH}.`);
  }
  if (batchSize > MAX_BATCH_WITHOUT_WINDOW && windowSeconds < 1) {
    throw refuse('Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10');
  }
  const { FunctionResponseTypes: responses, ScalingConfig: scaling } = given;
  return {
    reference,
    functionArn: reference.qualifier === undefined ? arn : `${arn}:${reference.qualifier}`,
    batchSize,
    windowSeconds,
    enabled: given.Enabled ?? before?.enabled ?? true,
    partialResponses: responses?.includes('ReportBatchItemFailures') ?? before?.partialResponses ?? false,
    maximumConcurrency: (scaling ? scaling.MaximumConcurrency : before?.maximumConcurrency) ?? CONCURRENCY,
  };
}

const attributesResponse = { Attributes: required(mapOf(text())) };

/**
 * Checks that the poller can read the queue and that the queue hides messages long enough.
 * @returns the queue's URL
 * @throws {AwsError} InvalidParameterValueException
 */
export async function checkQueue(
  world: World,
  caller: Caller,
  queueArn: string,
  timeoutSeconds: number,
): Promise<string> {
  const queue = parseArn(queueArn);
  if (queue?.service !== 'sqs') throw refuse(`${queueArn} is not an SQS queue, and only they are event sources here`);
  const read = async (): Promise<{ url: string; visibilitySeconds: number }> => {
    const url = queueUrlOf(queueArn);
    const wanted = { QueueUrl: url, AttributeNames: ['VisibilityTimeout'] };
    const { Attributes } = readResponse(attributesResponse, await world.call(caller, 'sqs:GetQueueAttributes', wanted));
    return { url, visibilitySeconds: Number(Attributes['VisibilityTimeout']) };
  };
  const { url, visibilitySeconds } = await read().catch((error: unknown) => {
    if (!(error instanceof AwsError)) throw error;
    const { code, message } = error;
    throw refuse(`Error occurred while ReceiveMessage. SQS Error Code: ${code}. SQS Error Message: ${message}`);
  });
  if (visibilitySeconds >= timeoutSeconds) return url;
  throw refuse(
    `Queue visibility timeout: ${visibilitySeconds} seconds is less than Function timeout: ${timeoutSeconds} seconds`,
  );
}

export const mappingShape = (world: World, { uuid, queueArn, settings, lastModified }: Mapping): JsonObject => ({
  UUID: uuid,
  EventSourceMappingArn: arnOf(world, 'lambda', `event-source-mapping:${uuid}`),
  EventSourceArn: queueArn,
  FunctionArn: settings.functionArn,
  BatchSize: settings.batchSize,
  MaximumBatchingWindowInSeconds: settings.windowSeconds,
  State: settings.enabled ? 'Enabled' : 'Disabled',
  StateTransitionReason: 'USER_INITIATED',
  LastModified: lastModified / 1000,
  FunctionResponseTypes: settings.partialResponses ? ['ReportBatchItemFailures'] : [],
  ...(settings.maximumConcurrency !== CONCURRENCY && {
    ScalingConfig: { MaximumConcurrency: settings.maximumConcurrency },
  }),
});
