import { AwsError } from '../aws-error.ts';

/**
 * The JSON protocol names an error by its shape, clients of the older Query protocol by another code. AWS sends both, the
 * second in the header `x-amzn-query-error`; here it is `details.queryErrorCode`. Shapes that are not listed have one name.
 */
const queryErrorCodes: Readonly<Record<string, string>> = {
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
  InvalidParameterValueException: 'InvalidParameterValue',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  MissingRequiredParameterException: 'MissingParameter',
  PurgeQueueInProgress: 'AWS.SimpleQueueService.PurgeQueueInProgress',
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  UnsupportedOperation: 'AWS.SimpleQueueService.UnsupportedOperation',
};

export function refusal(code: string, message: string): AwsError {
  return new AwsError(code, message, 400, { queryErrorCode: queryErrorCodes[code] ?? code });
}

export const missingParameter = (name: string): AwsError =>
  refusal('MissingRequiredParameterException', `The request must contain the parameter ${name}.`);

export const invalidValue = (message: string): AwsError => refusal('InvalidParameterValueException', message);

export const invalidParameter = (name: string, value: string | number, reason: string): AwsError =>
  invalidValue(`Value ${value} for parameter ${name} is invalid. Reason: ${reason}`);

export const noSuchQueue = (): AwsError => refusal('QueueDoesNotExist', 'The specified queue does not exist.');
