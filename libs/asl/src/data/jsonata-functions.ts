import jsonata from 'jsonata';
import type { EnginePorts, Json, Millis } from '../protocol.ts';
import { seededRandom } from './intrinsic-functions.ts';

/** The longest list that $range returns on AWS (measured). */
const MAX_NUMBERS = 360_145;

const formatMillis = jsonata('$fromMillis($at, $picture, $timezone)');

/**
 * The functions that Step Functions adds to JSONata (documented: "JSONata functions provided by Step Functions"), and those of
 * JSONata that would otherwise read the machine's clock and randomness. `$eval` is removed, as on AWS.
 */
export function jsonataFunctions(ports: EnginePorts, now: Millis): Readonly<Record<string, unknown>> {
  return {
    partition,
    range: (first: number, last: number, step?: number) =>
      step === undefined ? undefined : sequence(numbers(Math.trunc(first), Math.trunc(last), Math.trunc(step))),
    hash: (data: Json, algorithm?: Parameters<EnginePorts['hash']>[0]) =>
      algorithm && ports.hash(algorithm, typeof data === 'string' ? data : JSON.stringify(data)),
    random: (seed?: number) => (seed === undefined ? ports.random() : seededRandom(seed)),
    shuffle: (items: Json[]) => shuffled(items, ports),
    uuid: () => ports.uuid(),
    parse: (text: string) => JSON.parse(text) as Json,
    millis: () => now,
    now: (picture?: string, timezone?: string): unknown =>
      formatMillis.evaluate(undefined, { at: now, picture, timezone }),
    eval: undefined,
  };
}

/** Returns undefined, which is JSONata's empty result, when there are no chunks. */
function partition(items: Json[], size: number): Json[][] | undefined {
  const step = Math.trunc(size);
  if (items.length === 0 || step < 1) return undefined;
  return Array.from({ length: Math.ceil(items.length / step) }, (_, chunk) =>
    items.slice(chunk * step, (chunk + 1) * step),
  );
}

function numbers(first: number, last: number, step: number): number[] {
  if (step === 0) return [];
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (length > MAX_NUMBERS) throw new RangeError('Expression evaluation memory limit exceeded');
  return Array.from({ length }, (_, index) => first + index * step);
}

/** JSONata unwraps a list of one value and turns an empty one into undefined. */
const sequence = (items: number[]): number | number[] | undefined => (items.length > 1 ? items : items[0]);

function shuffled(items: readonly Json[], ports: EnginePorts): Json[] {
  const result = [...items];
  for (let index = result.length - 1; index > 0; index -= 1) {
    const other = Math.floor(ports.random() * (index + 1));
    [result[index], result[other]] = [result[other] as Json, result[index] as Json];
  }
  return result;
}
