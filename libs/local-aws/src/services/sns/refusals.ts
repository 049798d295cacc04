import { AwsError } from '../../kernel/aws-error.ts';

/** Refuses a parameter or a part of one. SNS speaks the Query protocol: its codes have no `Exception` at the end. */
export type Refuse = (what: string) => AwsError;

export const invalidParameter: Refuse = (what) => new AwsError('InvalidParameter', `Invalid parameter: ${what}`);

/** A fault of one attribute, refused as a fault of the member that holds them all. [recorded: FilterPolicy] */
export const invalidAttributes: Refuse = (what) => invalidParameter(`Attributes Reason: ${what}`);

/** Of message attributes, which have a code of their own. */
export const invalidAttributeValue: Refuse = (message) => new AwsError('ParameterValueInvalid', message);

export const noSuchTopic = (): AwsError => new AwsError('NotFound', 'Topic does not exist', 404);

export const noSuchSubscription = (): AwsError => new AwsError('NotFound', 'Subscription does not exist', 404);
