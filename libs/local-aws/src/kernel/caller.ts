import { stableId } from './credentials.ts';
import type { Caller, Place } from './service.ts';

/** The partition of a region. [documented: IAM User Guide, "Amazon Resource Names"] */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

const placeOf = ({ partition, region, accountId }: Place): Place => ({ partition, region, accountId });

/** The account's root user, which is who calls with keys that are not known here. */
export const rootOf = (place: Place): Caller => ({
  ...placeOf(place),
  principalArn: `arn:${place.partition}:iam::${place.accountId}:root`,
});

/** Whoever follows a link without a signature. */
export const anonymousOf = (place: Place): Caller => ({ ...placeOf(place), principalArn: '*' });

/** An AWS service that acts by itself, e.g. `serviceCaller(world, 'sns', topicArn)`. */
export const serviceCaller = (place: Place, service: string, sourceArn: string): Caller => ({
  ...placeOf(place),
  principalArn: `${service}.amazonaws.com`,
  sourceArn,
});

/**
 * A session of a role that an AWS service has assumed, as its calls are seen: SQS pollers act as their function's role, rules
 * and executions as their own.
 */
export function roleCaller(place: Place, roleArn: string, sessionName: string): Caller {
  const role = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  const accountId = roleArn.split(':')[4] ?? place.accountId;
  return {
    ...placeOf(place),
    accountId,
    principalArn: `arn:${place.partition}:sts::${accountId}:assumed-role/${role}/${sessionName}`,
    userId: `${stableId('AROA', roleArn)}:${sessionName}`,
    role: { roleArn },
  };
}
