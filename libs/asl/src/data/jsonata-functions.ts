import type { EnginePorts, Json } from '../protocol.ts';
import { seededRandom } from './intrinsic-functions.ts';

/** The functions that Step Functions adds to JSONata; `$eval` is taken away. */
export function jsonataBindings(ports: EnginePorts): Readonly<Record<string, unknown>> {
  return {
    partition: (items: Json[], size: number) =>
      Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
        items.slice(index * size, (index + 1) * size),
      ),
    range: (first: number, last: number, step: number) =>
      sequence(
        Array.from({ length: Math.max(0, Math.floor((last - first) / step) + 1) }, (_, index) => first + index * step),
      ),
    hash: (data: Json, algorithm: Parameters<EnginePorts['hash']>[0]) =>
      ports.hash(algorithm, typeof data === 'string' ? data : JSON.stringify(data)),
    random: (seed?: number) => (seed === undefined ? ports.random() : seededRandom(seed)),
    uuid: () => ports.uuid(),
    parse: (text: string) => JSON.parse(text) as Json,
    eval: undefined,
  };
}

/** Marks an array as a sequence of jsonata: one that holds a single value stands for the value. */
function sequence(items: number[]): number | number[] | undefined {
  return items.length > 1 ? items : items[0];
}
