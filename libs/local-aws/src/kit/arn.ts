import type { Place } from '../kernel/service.ts';

/** `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`, taken apart. */
export interface Arn extends Place {
  readonly service: string;
  /** All that follows the account, e.g. `function:NAME:7` or `role/PATH/NAME`. */
  readonly resource: string;
}

const ARN = /^arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)$/s;

/** Undefined for what is not an ARN. */
export function parseArn(text: string): Arn | undefined {
  const [, partition, service, region, accountId, resource] = ARN.exec(text) ?? [];
  if (partition === undefined || service === undefined || resource === undefined) return undefined;
  return { partition, service, region: region ?? '', accountId: accountId ?? '', resource };
}

/** The URL of a queue, by its ARN, for calls of SQS that name a queue. */
export function queueUrlOf(queueArn: string): string {
  const { region = '', accountId = '', resource = '' } = parseArn(queueArn) ?? {};
  return `https://sqs.${region}.amazonaws.com/${accountId}/${resource}`;
}

/** The ARN of a resource in a place, e.g. `arnOf(world, 'sqs', 'my-queue')`. IAM's have no region. */
export const arnOf = ({ partition, region, accountId }: Place, service: string, resource: string): string =>
  `arn:${partition}:${service}:${service === 'iam' ? '' : region}:${accountId}:${resource}`;
