import { AwsError } from '../../kernel/aws-error.ts';
import { QUERY_CODES } from '../../kernel/query-codes.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { objects, requiredString } from './members.ts';
import { refusal } from './refusals.ts';

const MOST = 10;

/** The entries of a batch request. @throws {AwsError} where the batch as a whole is refused */
export function parseEntries(input: JsonObject, entryType: string): readonly JsonObject[] {
  const entries = objects(input, 'Entries');
  if (entries.length === 0) {
    throw refusal('EmptyBatchRequest', `There should be at least one ${entryType} in the request.`);
  }
  if (entries.length > MOST) {
    const message = `Maximum number of entries per request are ${MOST}. You have sent ${entries.length}.`;
    throw refusal('TooManyEntriesInBatchRequest', message);
  }
  const ids = new Set<string>();
  for (const entry of entries) {
    const id = requiredString(entry, 'Id');
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(id)) {
      const rule = 'A batch entry id can only contain alphanumeric characters, hyphens and underscores.';
      throw refusal('InvalidBatchEntryId', `${rule} It can be at most 80 letters long.`);
    }
    if (ids.has(id)) throw refusal('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
    ids.add(id);
  }
  return entries;
}

/** Does each entry on its own: a refused one is listed as failed and stops no other. */
export function eachEntry(entries: readonly JsonObject[], act: (entry: JsonObject) => JsonObject): JsonObject {
  const successful: JsonObject[] = [];
  const failed: JsonObject[] = [];
  for (const entry of entries) {
    try {
      successful.push({ Id: entry['Id'], ...act(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failed.push({
        Id: entry['Id'],
        SenderFault: true,
        Code: QUERY_CODES[error.code] ?? error.code,
        Message: error.message,
      });
    }
  }
  return { ...(successful.length > 0 && { Successful: successful }), ...(failed.length > 0 && { Failed: failed }) };
}
