import { AwsError } from '../../kernel/aws-error.ts';
import type { Millis } from '../../kernel/clock/clock.ts';
import type { Caller, JsonObject, Place, World } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { arnOf } from '../../kit/arn.ts';
import { pageOf } from '../../kit/page.ts';
import { integer, oneOf, optional, required, text, withDefault } from '../../kit/reader.ts';
import { addTags, tagMap, type Tags } from '../../kit/tags.ts';
import { encryptsWith } from './log-group-encryption.ts';
import type { MetricFilter } from './metric-filters.ts';

export interface LogLine {
  readonly stream: string;
  readonly timestamp: Millis;
  readonly message: string;
}

export interface LogGroup {
  readonly name: string;
  readonly createdAt: Millis;
  readonly lines: LogLine[];
  readonly logGroupClass: string;
  readonly tags: Tags;
  /** By their names. */
  readonly metricFilters: Map<string, MetricFilter>;
  retentionDays?: number | undefined;
  kmsKeyId?: string | undefined;
}

export type LogGroupOptions = Pick<LogGroup, 'logGroupClass' | 'tags' | 'kmsKeyId'>;

/** Of a group that grows beyond, the older half is forgotten. */
const MAX_LINES = 10_000;

/** The log groups of the account, by name. */
export class LogGroups {
  readonly world: World;
  readonly #groups = new Map<string, LogGroup>();

  constructor(world: World) {
    this.world = world;
  }

  /** Makes the group where it is missing, as Lambda does. */
  append(name: string, line: LogLine): void {
    const { lines } = this.#groups.get(name) ?? this.#add(name);
    if (lines.length >= MAX_LINES) lines.splice(0, MAX_LINES / 2);
    lines.push(line);
  }

  has(name: string): boolean {
    return this.#groups.has(name);
  }

  /** All lines of a group, oldest first; none of a group that is not there. */
  lines(name: string): readonly LogLine[] {
    return this.#groups.get(name)?.lines ?? [];
  }

  /** @throws {AwsError} ResourceAlreadyExistsException */
  create(name: string, options: LogGroupOptions): void {
    if (this.#groups.has(name)) {
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
    }
    this.#add(name, options);
  }

  /** Of the group that an ARN is about, or a stream of it. */
  tagsOf(arn: string): Tags | undefined {
    return this.#groups.get(/:log-group:([^:]+)/.exec(arn)?.[1] ?? '')?.tags;
  }

  /** By ARN, with or without `:*`. @throws {AwsError} ResourceNotFoundException */
  findByArn(arn: string): LogGroup {
    return this.find(/^arn:[^:]+:logs:[^:]*:[^:]*:log-group:([^:]+)/.exec(arn)?.[1] ?? arn);
  }

  /** @throws {AwsError} ResourceNotFoundException */
  find(name: string): LogGroup {
    const group = this.#groups.get(name);
    if (group === undefined) throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
    return group;
  }

  delete({ name }: LogGroup): void {
    this.#groups.delete(name);
  }

  /** In the order of their names. */
  startingWith(prefix: string): LogGroup[] {
    const matching = [...this.#groups.values()].filter(({ name }) => name.startsWith(prefix));
    return matching.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  all(): Iterable<LogGroup> {
    return this.#groups.values();
  }

  #add(name: string, options: LogGroupOptions = { logGroupClass: 'STANDARD', tags: new Map() }): LogGroup {
    const createdAt = this.world.clock.now();
    const group: LogGroup = { name, createdAt, lines: [], metricFilters: new Map(), ...options };
    this.#groups.set(name, group);
    return group;
  }
}

export const logGroupName = required(text({ min: 1, max: 512, pattern: /[.\-_/#A-Za-z0-9]+/ }));
const listLimit = optional(integer({ min: 1, max: 50 }));
export const nextToken = optional(text({ min: 1 }));

export const refuseToken = (): AwsError =>
  new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');

/**
 * A group's ARN as IAM sees it: it ends with its stream, which is empty for an action on the group.
 * [recorded: the texts of AccessDeniedException]
 */
export const groupResource = (caller: Caller, group: string, stream = ''): string =>
  arnOf(caller, 'logs', `log-group:${group}:log-stream:${stream}`);

export const groupArn = (place: Place, group: string): string => arnOf(place, 'logs', `log-group:${group}`);

/** [documented: CloudWatch Logs API Reference, "PutRetentionPolicy"] */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** The actions on groups and their streams. */
export function logGroupActions(groups: LogGroups): Record<string, UnboundAction> {
  const evidence = 'documented';
  return {
    CreateLogGroup: action(
      {
        logGroupName,
        kmsKeyId: optional(text({ max: 256 })),
        logGroupClass: withDefault(oneOf(['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY']), 'STANDARD'),
        tags: tagMap,
      },
      {
        resources: (request, caller) => [groupResource(caller, request.logGroupName)],
        evidence,
        async run({ kmsKeyId, logGroupClass, tags, ...request }) {
          if (kmsKeyId !== undefined)
            await encryptsWith(groups.world, groupArn(groups.world, request.logGroupName), kmsKeyId);
          groups.create(request.logGroupName, { kmsKeyId, logGroupClass, tags: addTags(new Map(), tags) });
          return {};
        },
      },
    ),

    DeleteLogGroup: action(
      { logGroupName },
      {
        resources: (request, caller) => [groupResource(caller, request.logGroupName)],
        evidence,
        run(request) {
          groups.delete(groups.find(request.logGroupName));
          return {};
        },
      },
    ),

    PutRetentionPolicy: action(
      { logGroupName, retentionInDays: required(integer()) },
      {
        resources: (request, caller) => [groupResource(caller, request.logGroupName)],
        evidence,
        run({ retentionInDays, ...request }) {
          if (!RETENTION_DAYS.includes(retentionInDays)) {
            const message = `Invalid retention value. Valid values are: [${RETENTION_DAYS.join(', ')}]`;
            throw new AwsError('InvalidParameterException', message);
          }
          groups.find(request.logGroupName).retentionDays = retentionInDays;
          return {};
        },
      },
    ),

    DeleteRetentionPolicy: action(
      { logGroupName },
      {
        resources: (request, caller) => [groupResource(caller, request.logGroupName)],
        evidence,
        run(request) {
          groups.find(request.logGroupName).retentionDays = undefined;
          return {};
        },
      },
    ),

    DescribeLogGroups: action(
      { logGroupNamePrefix: withDefault(text({ min: 1, max: 512 }), ''), limit: listLimit, nextToken },
      {
        resources: (_request, caller) => [groupResource(caller, '')],
        evidence,
        run({ logGroupNamePrefix, limit, nextToken: token }) {
          const matching = groups.startingWith(logGroupNamePrefix);
          const { items, next } = pageOf(matching, { size: limit, token }, { usual: 50, refuse: refuseToken });
          return {
            logGroups: items.map((group) => groupShape(groups.world, group)),
            ...(next !== undefined && { nextToken: next }),
          };
        },
      },
    ),

    DescribeLogStreams: action(
      { logGroupName, limit: listLimit, nextToken },
      {
        resources: (request, caller) => [groupResource(caller, request.logGroupName)],
        evidence,
        run({ limit, nextToken: token, ...request }) {
          const streams = Map.groupBy(groups.find(request.logGroupName).lines, ({ stream }) => stream);
          const { items, next } = pageOf([...streams], { size: limit, token }, { usual: 50, refuse: refuseToken });
          return {
            logStreams: items.map(([name, lines]) => streamShape(name, lines)),
            ...(next !== undefined && { nextToken: next }),
          };
        },
      },
    ),
  };
}

const groupShape = (world: World, { name, createdAt, ...group }: LogGroup): JsonObject => ({
  logGroupName: name,
  arn: `${groupArn(world, name)}:*`,
  logGroupArn: groupArn(world, name),
  logGroupClass: group.logGroupClass,
  creationTime: createdAt,
  metricFilterCount: group.metricFilters.size,
  ...(group.retentionDays !== undefined && { retentionInDays: group.retentionDays }),
  ...(group.kmsKeyId !== undefined && { kmsKeyId: group.kmsKeyId }),
  storedBytes: 0,
});

const streamShape = (name: string, lines: readonly LogLine[]): JsonObject => ({
  logStreamName: name,
  firstEventTimestamp: lines[0]?.timestamp,
  lastEventTimestamp: lines.at(-1)?.timestamp,
});
