import { AwsError } from '../../kernel/aws-error.ts';
import { compilePattern, type EventMatch } from '../../kit/event-pattern/event-pattern.ts';
import type { JsonObject } from '../../kernel/service.ts';
import type { MessageAttribute, MessageAttributes } from '../../kit/message-attributes.ts';
import { invalidParameter } from './refusals.ts';

/**
 * Which messages a subscription gets. The language is that of EventBridge's patterns; what differs is what it looks at: the
 * message's body, if that is a JSON object, or its attributes as if they were one.
 */
export interface FilterPolicy {
  readonly scope: 'MessageAttributes' | 'MessageBody';
  readonly matches: EventMatch;
}

/** @throws {AwsError} InvalidParameter for a policy that is none */
export function parseFilterPolicy(text: string, scope: FilterPolicy['scope']): FilterPolicy {
  const matches = compile(text);
  if (scope === 'MessageAttributes') checkFlat(JSON.parse(text) as JsonObject);
  return { scope, matches };
}

export function passes(filter: FilterPolicy, message: string, attributes: MessageAttributes): boolean {
  if (filter.scope === 'MessageAttributes') return filter.matches(attributeValues(attributes));
  const body = parseOr(message, undefined);
  return typeof body === 'object' && body !== null && !Array.isArray(body) && filter.matches(body);
}

function compile(text: string): EventMatch {
  try {
    return compilePattern(text);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalidParameter(`FilterPolicy: ${error.message.replace('Event pattern is not valid. Reason: ', '')}`);
  }
}

function checkFlat(pattern: JsonObject): void {
  if (Object.entries(pattern).every(([key, value]) => key === '$or' || Array.isArray(value))) return;
  const reason = 'Filter policy scope MessageAttributes does not support nested filter policy';
  throw invalidParameter(`FilterPolicy: ${reason}`);
}

/** What patterns see: text, numbers, and the members of a String.Array. Bytes match nothing. */
function attributeValues(attributes: MessageAttributes): JsonObject {
  const values = Object.entries(attributes).map(([name, attribute]) => [name, attributeValue(attribute)]);
  return Object.fromEntries(values) as JsonObject;
}

function attributeValue({ DataType, StringValue: text }: MessageAttribute): unknown {
  if (text === undefined) return undefined;
  if (DataType.startsWith('Number')) return Number(text);
  return DataType === 'String.Array' ? parseOr(text, text) : text;
}

function parseOr(text: string, fallback: unknown): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return fallback;
  }
}
