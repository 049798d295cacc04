import { legacy, type LegacyAction as Action } from '../../kit/legacy.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import type { Millis } from '../../kernel/clock/clock.ts';
import { optionalText, text } from '../../members.ts';
import type { JsonObject, Service, World } from '../../kernel/service.ts';

export interface LogLine {
  readonly stream: string;
  readonly timestamp: Millis;
  readonly message: string;
}

export interface Logs extends Service {
  /** Makes the group where it is missing, as Lambda does. */
  append(group: string, line: LogLine): void;
  /** All lines of a group, oldest first; none of a group that is not there. */
  lines(group: string): readonly LogLine[];
}

interface Group {
  readonly creationTime: Millis;
  readonly lines: LogLine[];
  retentionInDays?: number;
}

const PAGE = 10_000;
/** Of a group that grows beyond, the older half is forgotten. */
const MOST_LINES = 50_000;

/** CloudWatch Logs, kept in memory: what functions print, to be read back. */
export function createLogs(world: World): Logs {
  const groups = new Map<string, Group>();
  const make = (name: string): Group => {
    const group: Group = groups.get(name) ?? { creationTime: world.clock.now(), lines: [] };
    groups.set(name, group);
    return group;
  };
  const find = (input: JsonObject): Group => {
    const group = groups.get(text(input, 'logGroupName'));
    if (group === undefined) throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
    return group;
  };

  const actions: Record<string, Action> = {
    CreateLogGroup(input) {
      const name = text(input, 'logGroupName');
      if (groups.has(name))
        throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
      make(name);
      return {};
    },
    DeleteLogGroup(input) {
      find(input);
      groups.delete(text(input, 'logGroupName'));
      return {};
    },
    PutRetentionPolicy(input) {
      find(input).retentionInDays = Number(input['retentionInDays']);
      return {};
    },
    DescribeLogGroups(input) {
      const prefix = optionalText(input, 'logGroupNamePrefix') ?? '';
      const matching = [...groups].filter(([name]) => name.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
      return { logGroups: matching.map(([name, group]) => describeGroup(world, name, group)) };
    },
    DescribeLogStreams(input) {
      const streams = Map.groupBy(find(input).lines, (line) => line.stream);
      return { logStreams: [...streams].map(([logStreamName, lines]) => describeStream(logStreamName, lines)) };
    },
    FilterLogEvents: (input) => filterLogEvents(find(input).lines, input),
    GetLogEvents(input) {
      const lines = find(input).lines.filter((line) => line.stream === input['logStreamName']);
      if (lines.length === 0) {
        throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
      }
      const { events } = page(selectTime(lines, input), input);
      return { events: events.map(toEvent), nextForwardToken: 'f/0', nextBackwardToken: 'b/0' };
    },
  };

  return {
    id: 'logs',
    actions: legacy(actions),
    append(name, line) {
      const { lines } = make(name);
      if (lines.length >= MOST_LINES) lines.splice(0, MOST_LINES / 2);
      lines.push(line);
    },
    lines: (group) => groups.get(group)?.lines ?? [],
  };
}

function filterLogEvents(lines: readonly LogLine[], input: JsonObject): JsonObject {
  const streams = input['logStreamNames'] as string[] | undefined;
  const prefix = optionalText(input, 'logStreamNamePrefix') ?? '';
  const pattern = parsePattern(input['filterPattern']);
  const matching = selectTime(lines, input).filter(
    (line) => (streams?.includes(line.stream) ?? line.stream.startsWith(prefix)) && pattern(line.message),
  );
  const { events, nextToken } = page(matching, input);
  return {
    events: events.map((line, index) => ({
      logStreamName: line.stream,
      eventId: `${line.timestamp}-${index}`,
      ...toEvent(line),
    })),
    searchedLogStreams: [],
    ...(nextToken === undefined ? {} : { nextToken }),
  };
}

/** Terms, all of which must occur; a term in quotes may hold blanks. JSON patterns are refused rather than misread. */
function parsePattern(pattern: unknown): (message: string) => boolean {
  if (typeof pattern !== 'string' || pattern === '') return () => true;
  if (/^[{[%]/.test(pattern.trim())) {
    throw new AwsError('InvalidParameterException', `filterPattern ${pattern}: only terms are understood here`);
  }
  const terms = [...pattern.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
  return (message) => terms.every((term) => message.includes(term));
}

function selectTime(lines: readonly LogLine[], input: JsonObject): LogLine[] {
  const from = Number(input['startTime'] ?? -Infinity);
  const to = Number(input['endTime'] ?? Infinity);
  return lines.filter(({ timestamp }) => timestamp >= from && timestamp <= to);
}

function page(lines: readonly LogLine[], input: JsonObject): { events: LogLine[]; nextToken?: string } {
  const start = Number(input['nextToken'] ?? 0) || 0;
  const end = start + Number(input['limit'] ?? PAGE);
  return { events: lines.slice(start, end), ...(end < lines.length ? { nextToken: String(end) } : {}) };
}

const toEvent = ({ timestamp, message }: LogLine): JsonObject => ({ timestamp, message, ingestionTime: timestamp });

const describeGroup = (world: World, name: string, group: Group): JsonObject => ({
  logGroupName: name,
  arn: `arn:aws:logs:${world.region}:${world.accountId}:log-group:${name}:*`,
  creationTime: group.creationTime,
  ...(group.retentionInDays === undefined ? {} : { retentionInDays: group.retentionInDays }),
  storedBytes: 0,
});

const describeStream = (logStreamName: string, lines: readonly LogLine[]): JsonObject => ({
  logStreamName,
  firstEventTimestamp: lines[0]?.timestamp,
  lastEventTimestamp: lines.at(-1)?.timestamp,
});
