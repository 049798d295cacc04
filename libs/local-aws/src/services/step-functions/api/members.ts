/** What the requests and responses of several actions have in common. */
import type { Millis } from '../../../kernel/clock/clock.ts';
import type { AwsError } from '../../../kernel/aws-error.ts';
import { pageOf, type PageRules } from '../../../kit/page.ts';
import { integer, oneOf, optional, required, structure, text, withDefault } from '../../../kit/reader.ts';
import { coral } from '../../../kit/dialects.ts';
import { invalidToken } from '../refusals.ts';

export const dialect = coral();

export const arn = required(text({ min: 1, max: 256 }));
/** Of versions and Map Runs. */
export const longArn = required(text({ min: 1, max: 2000 }));
export const resourceName = required(text({ min: 1, max: 80 }));
export const includedData = withDefault(oneOf(['ALL_DATA', 'METADATA_ONLY']), 'ALL_DATA');
/** Kept and shown: nothing is encrypted here. */
export const encryptionConfiguration = optional(
  structure({
    type: required(oneOf(['AWS_OWNED_KEY', 'CUSTOMER_MANAGED_KMS_KEY'])),
    kmsKeyId: optional(text({ min: 1, max: 2048 })),
    kmsDataKeyReusePeriodSeconds: optional(integer({ min: 60, max: 900 })),
  }),
);

export const pageMembers = {
  maxResults: optional(integer({ min: 0, max: 1000 })),
  nextToken: optional(text({ min: 1, max: 1024 })),
};

interface PageMembers {
  readonly maxResults: number | undefined;
  readonly nextToken: string | undefined;
}

/**
 * One page of a list, and the `nextToken` of the response where more follows. Where the request names no size, or 0, a page has 100
 * items. [documented]
 * @throws {AwsError} InvalidToken for a token that was not given out here
 */
export function listOf<T>(
  list: readonly T[],
  { maxResults, nextToken }: PageMembers,
  rules: Pick<PageRules<T>, 'reverse' | 'keep'> = {},
): { readonly items: readonly T[]; readonly rest: { readonly nextToken?: string } } {
  const refuse = (): AwsError => invalidToken('Invalid token');
  const { items, next } = pageOf(list, { size: maxResults, token: nextToken }, { ...rules, usual: 100, refuse });
  return { items, rest: next === undefined ? {} : { nextToken: next } };
}

/** The API gives times as seconds since 1970, with milliseconds behind the point. */
export const toSeconds = (time: Millis): number => time / 1000;
