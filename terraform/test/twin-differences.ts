/** Where the applied environment and its twin differ, names apart. */
import type { Described } from './described-resources.ts';

/** A difference that stays, with its reason. In `place`, `*` stands for any text. */
export interface ListedDifference {
  readonly place: string;
  readonly because: string;
}

/** What is new in each run, or counts how the run went. */
const VOLATILE =
  /\/(CodeSha256|CodeSize|CreateDate|CreatedDate|CreatedTimestamp|CreationDateTime|EventSourceMappingArn|Id|IntegrationId|LastModified|LastModifiedTimestamp|LastUpdatedDate|LastUpdateToPayPerRequestDateTime|RevisionId|RevisionID|SubscriptionsConfirmed|SubscriptionsPending|TableId|UUID|Version|creationDate|revisionId|ApiEndpoint)$/;

/** Names begin otherwise on each side, and Terraform's callers invoke an alias: what stays is what the parts are called. */
const withoutNames = (text: string): string =>
  text
    .replace(/\bbaton-(work-)?/g, '')
    .replace(/\b(approval|async-lambda|callback-notify|ec2-job|fan-out|queue-worker|webhook)-(?!states\b)/g, '')
    .replace(/(:function:[^:"\\]+):live\b/g, '$1')
    .replace(/(:execute-api:[^:]*:\d*:)[a-z0-9]+/g, '$1API')
    .replace(/http:\/\/127\.0\.0\.1:\d+(\/_aws\/execute-api\/[a-z0-9]+)?/g, 'ENDPOINT')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID');

const comparable = (described: Described): Map<string, string> =>
  new Map(
    [...described]
      .map(([place, value]) => [withoutNames(place), withoutNames(value)] as const)
      .filter(([place]) => !VOLATILE.test(place)),
  );

/** The places at which the two differ, in order. */
export function differencesOf(applied: Described, twin: Described): string[] {
  const [a, b] = [comparable(applied), comparable(twin)];
  const places = new Set([...a.keys(), ...b.keys()]);
  return [...places].filter((place) => a.get(place) !== b.get(place)).toSorted();
}

/** What is not listed although it differs, and what is listed although nothing differs there. */
export function heldAgainst(
  differences: readonly string[],
  listed: readonly ListedDifference[],
): { readonly unlisted: readonly string[]; readonly idle: readonly string[] } {
  const patterns = listed.map(({ place }) => {
    const parts = place.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return { place, expression: new RegExp(`^${parts.join('.*')}$`) };
  });
  return {
    unlisted: differences.filter((place) => !patterns.some(({ expression }) => expression.test(place))),
    idle: patterns
      .filter(({ expression }) => !differences.some((place) => expression.test(place)))
      .map((each) => each.place),
  };
}
