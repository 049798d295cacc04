import type { Millis } from '../../kernel/clock/clock.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { isJsonObject, parseJsonObject } from '../../kit/json-object.ts';
import type { Refuse } from './refusals.ts';

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

/** Without a DeliveryPolicy. [documented: SNS Developer Guide, "Message delivery retries"] */
const defaults: Numbers = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  numMaxDelayRetries: 0,
};

type Backoff = (min: number, max: number, part: number) => number;

/** From the smallest to the largest delay, at part 0..1 of the backoff phase. The curves of AWS are not published. [guessed] */
const backoffs: Readonly<Record<string, Backoff>> = {
  linear: (min, max, part) => min + (max - min) * part,
  arithmetic: (min, max, part) => min + (max - min) * part ** 2,
  geometric: (min, max, part) => min * (max / min) ** part,
  exponential: (min, max, part) => min * (max / min) ** part,
};

/** The delays of a subscription's DeliveryPolicy. @throws {AwsError} made by `refuse` */
export function parseRetryPolicy(text: string | undefined, refuse: Refuse): RetryPolicy {
  const policy = parseJsonObject(text ?? '{}');
  if (policy === undefined) throw refuse('DeliveryPolicy: failed to parse JSON.');
  const given = policy['healthyRetryPolicy'] ?? {};
  if (!isJsonObject(given)) throw refuse('DeliveryPolicy: healthyRetryPolicy must be a JSON object');
  const name = given['backoffFunction'] ?? 'linear';
  const backoff = typeof name === 'string' ? backoffs[name] : undefined;
  if (backoff === undefined) {
    throw refuse(`DeliveryPolicy: Unexpected JSON member: backoffFunction ${JSON.stringify(name)}`);
  }
  return delays({ ...defaults, ...pickNumbers(given, refuse) }, backoff);
}

function pickNumbers(given: JsonObject, refuse: Refuse): Partial<Numbers> {
  const picked: Record<string, number> = {};
  for (const name of Object.keys(defaults)) {
    const value = given[name];
    if (value === undefined) continue;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 3600) {
      throw refuse(`DeliveryPolicy: healthyRetryPolicy.${name} must be an integer from 0 to 3600`);
    }
    picked[name] = value;
  }
  if ((picked['numRetries'] ?? 0) > 100) {
    throw refuse('DeliveryPolicy: healthyRetryPolicy.numRetries must be less than or equal to 100');
  }
  return picked;
}

/** First the retries without delay, then those with the smallest, then the backoff, then those with the largest delay. */
function delays(numbers: Numbers, backoff: Backoff): RetryPolicy {
  const { minDelayTarget: min, maxDelayTarget: max, numRetries } = numbers;
  const ends = numbers.numRetries - numbers.numMaxDelayRetries;
  const starts = numbers.numNoDelayRetries + numbers.numMinDelayRetries;
  return Array.from({ length: numRetries }, (_, retry) => {
    if (retry < numbers.numNoDelayRetries) return 0;
    if (retry < starts) return min * 1000;
    if (retry >= ends) return max * 1000;
    const part = ends - starts > 1 ? (retry - starts) / (ends - starts - 1) : 0;
    return Math.round(backoff(Math.max(min, 1), max, part) * 1000);
  });
}
