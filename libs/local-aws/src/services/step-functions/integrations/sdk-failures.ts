import { AwsError } from '../../../kernel/aws-error.ts';
import type { World } from '../../../kernel/service.ts';
import { TaskFailure } from './task-call.ts';

/** How an SDK names a service's errors. Optimised integrations use the Java SDK 1, `aws-sdk` integrations the Java SDK 2. */
export interface SdkNames {
  /** The error's name begins with it, e.g. `SQS`. */
  readonly prefix: string;
  /** The name for errors that the service's model does not have. */
  readonly base: string;
  /** The service's name in the cause, e.g. `AmazonSQS`. */
  readonly service: string;
  /** Whether the service's model has this code. A code without the ending `Exception` gets it. */
  readonly models: (code: string) => boolean;
}

const exceptionName = (names: SdkNames, code: string): string => {
  if (!names.models(code)) return `${names.prefix}.${names.base}`;
  return `${names.prefix}.${code.endsWith('Exception') ? code : `${code}Exception`}`;
};

/** The failure of an optimised integration, as AWS writes it. [recorded] */
export function sdk1Failure(world: World, names: SdkNames, error: unknown): unknown {
  if (!(error instanceof AwsError)) return error;
  const details = [
    `Service: ${names.service}`,
    `Status Code: ${error.status}`,
    `Error Code: ${error.code}`,
    `Request ID: ${world.uuid()}`,
    'Proxy: null',
  ];
  return new TaskFailure(exceptionName(names, error.code), `${error.message} (${details.join('; ')})`);
}

/** The failure of an `aws-sdk` integration, as AWS writes it. [recorded] */
export function sdk2Failure(world: World, names: SdkNames, error: unknown): unknown {
  if (!(error instanceof AwsError)) return error;
  const details = `Service: ${names.service}, Status Code: ${error.status}, Request ID: ${world.uuid()}`;
  return new TaskFailure(exceptionName(names, error.code), `${error.message} (${details}) (SDK Attempt Count: 1)`);
}
