import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject } from '../../kernel/service.ts';

export interface Entry {
  readonly source: string;
  readonly detailType: string;
  readonly detail: JsonObject;
  readonly resources: readonly string[];
  /** Name or ARN; the default bus where there is none. */
  readonly bus: unknown;
  /** Epoch seconds. */
  readonly time: number | undefined;
}

export interface EntryRefusal {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

const MOST_ENTRIES = 10;
const LARGEST_TOTAL = 1_048_576;

/** @throws {AwsError} ValidationException for the request as a whole */
export function parseEntries(input: JsonObject): (Entry | EntryRefusal)[] {
  const entries = input['Entries'];
  if (!Array.isArray(entries) || entries.length === 0 || entries.length > MOST_ENTRIES) {
    const rule = `Member must have length less than or equal to ${MOST_ENTRIES}, and greater than or equal to 1`;
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: ${rule}`,
    );
  }
  if (Buffer.byteLength(JSON.stringify(entries)) > LARGEST_TOTAL) {
    throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
  }
  return entries.map((entry) => parseEntry(entry as JsonObject));
}

function parseEntry({ Source, DetailType, Detail, Resources, EventBusName, Time }: JsonObject): Entry | EntryRefusal {
  if (!isText(Source)) return missing('Source');
  if (!isText(DetailType)) return missing('DetailType');
  if (!isText(Detail)) return missing('Detail');
  if (Source.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  const detail = parseDetail(Detail);
  if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  return {
    source: Source,
    detailType: DetailType,
    detail,
    resources: (Resources ?? []) as string[],
    bus: EventBusName,
    time: typeof Time === 'number' ? Time : undefined,
  };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const missing = (member: string): EntryRefusal => ({
  ErrorCode: 'InvalidArgument',
  ErrorMessage: `Parameter ${member} is not valid. Reason: ${member} is a required argument.`,
});

function parseDetail(text: string): JsonObject | undefined {
  try {
    const detail: unknown = JSON.parse(text);
    return typeof detail === 'object' && detail !== null && !Array.isArray(detail) ? (detail as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
