import { AwsError } from '../../kernel/aws-error.ts';
import type { Millis } from '../../kernel/clock/clock.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { pageOf } from '../../kit/page.ts';
import { integer, list, optional, required, text, withDefault } from '../../kit/reader.ts';
import { groupResource, logGroupName, nextToken, refuseToken, type LogGroups, type LogLine } from './log-groups.ts';

const MAX_EVENTS = 10_000;

const streamName = text({ min: 1, max: 512, pattern: /[^:*]*/ });

/** Which part of a group's events is asked for. */
const selection = {
  logGroupName,
  startTime: withDefault(integer({ min: 0 }), 0),
  endTime: withDefault(integer({ min: 0 }), Infinity),
  limit: optional(integer({ min: 1, max: MAX_EVENTS })),
  nextToken,
};

/** The actions that read what was logged. */
export const logEventActions = (groups: LogGroups): Record<string, UnboundAction> => ({
  FilterLogEvents: action(
    {
      ...selection,
      logStreamNames: optional(list(streamName, { min: 1, max: 100 })),
      logStreamNamePrefix: withDefault(streamName, ''),
      filterPattern: withDefault(text({ max: 1024 }), ''),
    },
    {
      resources: (request, caller) => [groupResource(caller, request.logGroupName)],
      evidence: 'documented',
      run({ limit, nextToken: token, ...request }) {
        const { lines } = groups.find(request.logGroupName);
        const { logStreamNames: streams, logStreamNamePrefix: prefix } = request;
        const matches = parsePattern(request.filterPattern);
        const keep = (line: LogLine): boolean =>
          isWithin(line, request) &&
          (streams?.includes(line.stream) ?? line.stream.startsWith(prefix)) &&
          matches(line.message);
        const rules = { usual: MAX_EVENTS, refuse: refuseToken, keep };
        const { items, next } = pageOf(lines, { size: limit, token }, rules);
        return {
          events: items.map((line, index) => ({
            logStreamName: line.stream,
            eventId: `${line.timestamp}-${index}`,
            ...eventShape(line),
          })),
          searchedLogStreams: [],
          ...(next !== undefined && { nextToken: next }),
        };
      },
    },
  ),

  GetLogEvents: action(
    { ...selection, logStreamName: required(streamName) },
    {
      resources: (request, caller) => [groupResource(caller, request.logGroupName, request.logStreamName)],
      evidence: 'guessed',
      run({ limit, logStreamName, ...request }) {
        const lines = groups.find(request.logGroupName).lines.filter(({ stream }) => stream === logStreamName);
        if (lines.length === 0) {
          throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
        }
        // All that is there comes at once: a client that follows a token gets it again.
        const within = lines.filter((line) => isWithin(line, request)).slice(0, limit ?? MAX_EVENTS);
        return { events: within.map(eventShape), nextForwardToken: 'f/0', nextBackwardToken: 'b/0' };
      },
    },
  ),
});

const isWithin = ({ timestamp }: LogLine, range: { readonly startTime: Millis; readonly endTime: Millis }): boolean =>
  timestamp >= range.startTime && timestamp <= range.endTime;

/** Terms, all of which must occur; a term in quotes may hold blanks. JSON patterns are refused rather than misread. */
function parsePattern(pattern: string): (message: string) => boolean {
  if (/^[{[%]/.test(pattern.trim())) {
    throw new AwsError('InvalidParameterException', `filterPattern ${pattern}: only terms are understood here`);
  }
  const terms = [...pattern.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
  return (message) => terms.every((term) => message.includes(term));
}

const eventShape = ({ timestamp, message }: LogLine): JsonObject => ({ timestamp, message, ingestionTime: timestamp });
