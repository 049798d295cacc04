import { DataFailure } from '../data/data-failure.ts';
import type { JsonataTemplate } from '../data/jsonata-template.ts';
import { fillTemplate, type PayloadTemplate } from '../data/payload-template.ts';
import { exceedsBytes, MAX_PAYLOAD_BYTES } from '../data/payload.ts';
import type { Batcher, Dynamic } from '../definition/state-machine.ts';
import type { Json } from '../protocol.ts';
import type { Steps, Visit } from './branch.ts';
import { effectiveInput, fill, integerOf, pathScope, resolve, shown } from './data-flow.ts';

/**
 * ItemBatcher: groups items into inputs `{ BatchInput, Items }` of at most MaxItemsPerBatch items and MaxInputBytesPerBatch bytes. An
 * item that is larger alone gets an input of its own.
 */
export function* batchItems(visit: Visit, batcher: Batcher, items: readonly Json[]): Steps<Json[]> {
  const maxItems = yield* positive(visit, batcher.maxItems, Infinity);
  const maxBytes = yield* positive(visit, batcher.maxBytes, MAX_PAYLOAD_BYTES);
  const batchInput = yield* batchInputOf(visit, batcher);
  const inputOf = (batch: Json[]): Json => ({
    ...(batchInput !== undefined && { BatchInput: batchInput }),
    Items: batch,
  });
  const batches: Json[][] = [];
  let room = 0;
  for (const item of items) {
    const text = JSON.stringify(item);
    const batch = batches.at(-1);
    if (batch && batch.length < maxItems && !exceedsBytes(text, room - 1)) {
      batch.push(item);
      room -= bytesOf(text) + 1;
    } else {
      batches.push([item]);
      room = maxBytes - bytesOf(JSON.stringify(inputOf([item])));
    }
  }
  return batches.map(inputOf);
}

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

function* batchInputOf(visit: Visit, { batchInput }: Batcher): Steps<Json | undefined> {
  if (!batchInput) return undefined;
  if (visit.state.data.language === 'JSONata')
    return yield* fill(visit, batchInput as JsonataTemplate, 'ItemBatcher/BatchInput', undefined);
  return fillTemplate(batchInput as PayloadTemplate, pathScope(visit, effectiveInput(visit).value));
}

function* positive(visit: Visit, field: Dynamic<number> | undefined, otherwise: number): Steps<number> {
  if (!field) return otherwise;
  const value = yield* resolve(visit, field);
  const number = integerOf(field, value);
  if (number !== undefined && number > 0) return number;
  const name = field.kind === 'constant' ? 'ItemBatcher' : field.field;
  const error = field.kind === 'jsonata' ? 'States.QueryEvaluationError' : 'States.Runtime';
  throw new DataFailure(
    error,
    `The ${name} field must be a positive integer but was: ${shown(value)}`,
    field.kind === 'jsonata' ? name : undefined,
  );
}
