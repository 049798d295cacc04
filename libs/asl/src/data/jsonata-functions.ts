import jsonata from 'jsonata';
import type { EnginePorts, Json, Millis } from '../protocol.ts';
import { seededRandom } from './intrinsic-functions.ts';

/** AWS makes no longer range. */
const MOST_NUMBERS = 360_145;

const formatMillis = jsonata('$fromMillis($at, $picture, $timezone)');

/**
 * The functions that Step Functions adds to JSONata, and those of JSONata that would take time and chance from elsewhere.
 * `$eval` is taken away.
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

/** No chunks give nothing. */
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
  if (length > MOST_NUMBERS) throw new RangeError('Expression evaluation memory limit exceeded');
  return Array.from({ length }, (_, index) => first + index * step);
}

/** As JSONata hands on a list that it has made: a single value stands for itself. */
const sequence = (items: number[]): number | number[] | undefined => (items.length > 1 ? items : items[0]);

function shuffled(items: readonly Json[], ports: EnginePorts): Json[] {
  const result = [...items];
  for (let index = result.length - 1; index > 0; index -= 1) {
    const other = Math.floor(ports.random() * (index + 1));
    [result[index], result[other]] = [result[other] as Json, result[index] as Json];
  }
  return result;
}
