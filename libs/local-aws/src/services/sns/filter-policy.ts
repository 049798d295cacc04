import type { JsonObject } from '../../kernel/service.ts';
import { compilePattern, InvalidPattern, type EventMatch } from '../../kit/event-pattern/event-pattern.ts';
import { parseJsonObject } from '../../kit/json-object.ts';
import type { MessageAttribute, MessageAttributes } from '../../kit/message-attributes.ts';
import type { Refuse } from './refusals.ts';

/**
 * Which messages a subscription gets. The language is that of EventBridge's patterns; what differs is what it looks at: the
 * message's body, if that is a JSON object, or its attributes as if they were one.
 */
export interface FilterPolicy {
  readonly scope: 'MessageAttributes' | 'MessageBody';
  readonly matches: EventMatch;
}

/** @throws {AwsError} made by `refuse`, for text that is not a policy */
export function parseFilterPolicy(text: string, scope: FilterPolicy['scope'], refuse: Refuse): FilterPolicy {
  const matches = compile(text, refuse);
  if (scope === 'MessageAttributes') checkFlat(parseJsonObject(text) ?? {}, refuse);
  return { scope, matches };
}

export function passes(filter: FilterPolicy, message: string, attributes: MessageAttributes): boolean {
  if (filter.scope === 'MessageAttributes') return filter.matches(attributeValues(attributes));
  const body = parseJsonObject(message);
  return body !== undefined && filter.matches(body);
}

function compile(text: string, refuse: Refuse): EventMatch {
  try {
    return compilePattern(text);
  } catch (error) {
    throw error instanceof InvalidPattern ? refuse(`FilterPolicy: ${error.reason}`) : error;
  }
}

function checkFlat(pattern: JsonObject, refuse: Refuse): void {
  if (Object.entries(pattern).every(([key, value]) => key === '$or' || Array.isArray(value))) return;
  throw refuse('FilterPolicy: Filter policy scope MessageAttributes does not support nested filter policy');
}

/** What patterns see: text, numbers, and the members of a String.Array. Bytes match nothing. */
const attributeValues = (attributes: MessageAttributes): JsonObject =>
  Object.fromEntries(Object.entries(attributes).map(([name, attribute]) => [name, attributeValue(attribute)]));

function attributeValue({ DataType, StringValue: text }: MessageAttribute): unknown {
  if (text === undefined) return undefined;
  if (DataType.startsWith('Number')) return Number(text);
  return DataType === 'String.Array' ? parseArray(text) : text;
}

/** A String.Array that is not JSON counts as text. */
function parseArray(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
