/** The batches of SQS and SNS: up to ten entries, each with an id, each done on its own. */
import { AwsError } from '../kernel/aws-error.ts';
import type { JsonObject } from '../kernel/service.ts';

const MAX_ENTRIES = 10;
const ID = /^[A-Za-z0-9_-]{1,80}$/;

interface Entry {
  readonly Id: string;
}

/** What the service says of a batch that it refuses as a whole. The codes are the same in both services. */
export interface BatchWords {
  readonly empty: string;
  readonly tooMany: (count: number) => string;
  readonly badId: string;
  readonly repeatedId: (id: string) => string;
}

/** @throws {AwsError} EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId, BatchEntryIdsNotDistinct */
export function checkEntries(entries: readonly Entry[], words: BatchWords): void {
  if (entries.length === 0) throw new AwsError('EmptyBatchRequest', words.empty);
  if (entries.length > MAX_ENTRIES) {
    throw new AwsError('TooManyEntriesInBatchRequest', words.tooMany(entries.length));
  }
  const ids = new Set<string>();
  for (const { Id } of entries) {
    if (!ID.test(Id)) throw new AwsError('InvalidBatchEntryId', words.badId);
    if (ids.has(Id)) throw new AwsError('BatchEntryIdsNotDistinct', words.repeatedId(Id));
    ids.add(Id);
  }
}

/** Acts on every entry. A refusal of one is listed and does not stop the others. */
export function doEach<E extends Entry>(
  entries: readonly E[],
  act: (entry: E) => JsonObject,
  codeOf: (error: AwsError) => string = ({ code }) => code,
): { readonly Successful: readonly JsonObject[]; readonly Failed: readonly JsonObject[] } {
  const Successful: JsonObject[] = [];
  const Failed: JsonObject[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...act(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: codeOf(error), Message: error.message });
    }
  }
  return { Successful, Failed };
}
