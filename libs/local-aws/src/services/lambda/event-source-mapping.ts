import { AwsError } from '../../kernel/aws-error.ts';
import type { Timer } from '../../kernel/clock/clock.ts';
import type { Caller, JsonObject, World } from '../../kernel/service.ts';
import { parseReference, userError, type Reference } from './function.ts';
import type { FunctionStore } from './functions.ts';

/** A queue whose messages go to a function. */
export interface Mapping {
  readonly uuid: string;
  readonly queueArn: string;
  readonly queueUrl: string;
  readonly settings: Settings;
  readonly lastModified: number;
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

/** AWS begins with five batches of a standard queue at once. */
const CONCURRENCY = 5;

/** @throws {AwsError} InvalidParameterValueException, ResourceNotFoundException */
export function parseSettings(functions: FunctionStore, input: JsonObject, fifo: boolean, before?: Settings): Settings {
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
export async function checkQueue(
  world: World,
  caller: Caller,
  queueArn: string,
  timeoutSeconds: number,
): Promise<string> {
  const refuse = (message: string): Error => userError('InvalidParameterValueException', message);
  if (!queueArn.startsWith('arn:aws:sqs:'))
    throw refuse(`${queueArn} is no SQS queue, and only they are event sources here`);
  const read = async (): Promise<{ url: string; visibility: number }> => {
    const { QueueUrl } = await world.call(caller, 'sqs:GetQueueUrl', {
      QueueName: queueArn.slice(queueArn.lastIndexOf(':') + 1),
    });
    const { Attributes } = await world.call(caller, 'sqs:GetQueueAttributes', {
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

export const showMapping = ({ uuid, queueArn, settings, lastModified }: Mapping): JsonObject => ({
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
