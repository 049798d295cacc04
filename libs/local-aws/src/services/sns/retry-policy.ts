import type { Millis } from '../../kernel/clock/clock.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { jsonObject } from './members.ts';
import { invalidParameter } from './refusals.ts';

/** How long to wait before each retry of an HTTP delivery. */
export type RetryPolicy = readonly Millis[];

interface Numbers {
  readonly minDelayTarget: number;
  readonly maxDelayTarget: number;
  readonly numRetries: number;
  readonly numNoDelayRetries: number;
  readonly numMinDelayRetries: number;
  readonly numMaxDelayRetries: number;
}

/** What holds where a subscription has no DeliveryPolicy. */
const defaults: Numbers = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  numMaxDelayRetries: 0,
};

/** From the least to the largest delay, at part 0..1 of the backoff phase. */
const backoffs: Readonly<Record<string, (least: number, most: number, part: number) => number>> = {
  linear: (least, most, part) => least + (most - least) * part,
  arithmetic: (least, most, part) => least + (most - least) * part ** 2,
  geometric: (least, most, part) => least * (most / least) ** part,
  exponential: (least, most, part) => least * (most / least) ** part,
};

/** The delays of a subscription's DeliveryPolicy. @throws {AwsError} InvalidParameter */
export function parseRetryPolicy(text: string | undefined): RetryPolicy {
  const policy = text === undefined ? {} : jsonObject('DeliveryPolicy', text);
  const given = (policy['healthyRetryPolicy'] ?? {}) as JsonObject;
  const numbers: Numbers = { ...defaults, ...pickNumbers(given) };
  const name = (given['backoffFunction'] ?? 'linear') as string;
  const backoff = backoffs[name];
  if (backoff === undefined) throw invalidParameter(`DeliveryPolicy: Unexpected JSON member: backoffFunction ${name}`);
  return delays(numbers, backoff);
}

function pickNumbers(given: JsonObject): Partial<Numbers> {
  const picked: Record<string, number> = {};
  for (const name of Object.keys(defaults)) {
    const value = given[name];
    if (value === undefined) continue;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 3600) {
      throw invalidParameter(`DeliveryPolicy: healthyRetryPolicy.${name} must be an integer from 0 to 3600`);
    }
    picked[name] = value;
  }
  if ((picked['numRetries'] ?? 0) > 100) {
    throw invalidParameter('DeliveryPolicy: healthyRetryPolicy.numRetries must be less than or equal to 100');
  }
  return picked;
}

/** First the retries without delay, then those with the least, then the backoff, then those with the largest delay. */
function delays(numbers: Numbers, backoff: (least: number, most: number, part: number) => number): RetryPolicy {
  const { minDelayTarget: least, maxDelayTarget: most, numRetries } = numbers;
  const ends = numbers.numRetries - numbers.numMaxDelayRetries;
  const starts = numbers.numNoDelayRetries + numbers.numMinDelayRetries;
  return Array.from({ length: numRetries }, (_, retry) => {
    if (retry < numbers.numNoDelayRetries) return 0;
    if (retry < starts) return least * 1000;
    if (retry >= ends) return most * 1000;
    const part = ends - starts > 1 ? (retry - starts) / (ends - starts - 1) : 0;
    return Math.round(backoff(Math.max(least, 1), most, part) * 1000);
  });
}
