import { AwsError } from '../../kernel/aws-error.ts';

/** SNS speaks the Query protocol: its codes have no `Exception` at the end. */

export const invalidParameter = (what: string): AwsError =>
  new AwsError('InvalidParameter', `Invalid parameter: ${what}`);

/** Of message attributes, which have a code of their own. */
export const invalidAttributeValue = (message: string): AwsError => new AwsError('ParameterValueInvalid', message);

export const noSuchTopic = (): AwsError => new AwsError('NotFound', 'Topic does not exist', 404);

export const noSuchSubscription = (): AwsError => new AwsError('NotFound', 'Subscription does not exist', 404);
