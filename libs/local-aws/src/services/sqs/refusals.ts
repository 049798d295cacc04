import { AwsError } from '../../kernel/aws-error.ts';

/** By the error's shape; clients that match the codes of the older Query protocol find those in `QUERY_CODES`. */
export const refusal = (code: string, message: string, status = 400): AwsError => new AwsError(code, message, status);

export const missingParameter = (name: string): AwsError =>
  refusal('MissingParameter', `The request must contain the parameter ${name}.`);

export const invalidValue = (message: string): AwsError => refusal('InvalidParameterValue', message);

export const invalidParameter = (name: string, value: string | number, reason: string): AwsError =>
  invalidValue(`Value ${value} for parameter ${name} is invalid. Reason: ${reason}`);

export const noSuchQueue = (): AwsError => refusal('QueueDoesNotExist', 'The specified queue does not exist.');
