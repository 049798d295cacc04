import jsonata from 'jsonata';
import type { EnginePorts, Json, Millis } from '../protocol.ts';
import { seededRandom } from './intrinsic-functions.ts';

const formatMillis = jsonata('$fromMillis($at, $picture, $timezone)');

/**
 * The functions that Step Functions adds to JSONata, and those of JSONata that would take time and chance from elsewhere.
 * `$eval` is taken away.
 */
export function jsonataFunctions(ports: EnginePorts, now: Millis): Readonly<Record<string, unknown>> {
  return {
    partition: (items: Json[], size: number) =>
      Array.from({ length: Math.ceil(items.length / size) }, (_, chunk) =>
        items.slice(chunk * size, (chunk + 1) * size),
      ),
    range: (first: number, last: number, step: number) => sequence(numbers(first, last, step)),
    hash: (data: Json, algorithm: Parameters<EnginePorts['hash']>[0]) =>
      ports.hash(algorithm, typeof data === 'string' ? data : JSON.stringify(data)),
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

const numbers = (first: number, last: number, step: number): number[] =>
  Array.from({ length: Math.max(0, Math.floor((last - first) / step) + 1) }, (_, index) => first + index * step);

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
