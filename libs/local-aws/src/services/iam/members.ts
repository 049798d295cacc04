import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { pageOf } from '../../kit/page.ts';
import { integer, optional, required, text, type Members } from '../../kit/reader.ts';

/** The names of roles, policies and instance profiles. [documented: IAM API Reference] */
const NAME_PATTERN = /[\w+=,.@-]+/;
export const roleName = required(text({ min: 1, max: 64, pattern: NAME_PATTERN }));
export const policyName = required(text({ min: 1, max: 128, pattern: NAME_PATTERN }));
export const policyDocument = required(text({ min: 1, max: 131_072, sensitive: true }));
export const arnText = required(text({ min: 20, max: 2048 }));
export const path = text({ min: 1, max: 512, pattern: /\/[\x21-\x7e]+\/|\// });

export const noSuchEntity = (message: string): AwsError => new AwsError('NoSuchEntity', message, 404);
export const alreadyExists = (message: string): AwsError => new AwsError('EntityAlreadyExists', message, 409);
export const deleteConflict = (message: string): AwsError => new AwsError('DeleteConflict', message, 409);

/** IAM's dates have no fractions of a second. */
export const iamDate = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');

const markerRefused = (): AwsError => new AwsError('ValidationError', 'Invalid Marker.');

/** The members of a request for one page of a list. */
export const pageMembers = {
  Marker: optional(text({ min: 1 })),
  MaxItems: optional(integer({ min: 1, max: 1000 })),
};

/** A page of a list under its name in the response, e.g. `Roles`. [documented: IAM API Reference, 100 items a page] */
export function pageShape<T>(name: string, items: readonly T[], request: Members<typeof pageMembers>): JsonObject {
  const { Marker: token, MaxItems: size } = request;
  const page = pageOf(items, { token, size }, { usual: 100, refuse: markerRefused });
  return {
    [name]: page.items,
    IsTruncated: page.next !== undefined,
    ...(page.next !== undefined && { Marker: page.next }),
  };
}
