import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { action } from '../../kit/action.ts';
import { flag, json, list, optional, required, structure, text } from '../../kit/reader.ts';
import { addTags, removeTags, showTags, tagList } from '../../kit/tags.ts';
import { tableArn, tableName } from './members.ts';
import { invalid } from './refusals.ts';
import type { Table, Tables } from './tables.ts';

/** Documented: "Service quotas", tags. */
const MAX_TAGS = 50;

const TIME_TO_LIVE = {
  TableName: tableName,
  TimeToLiveSpecification: required(
    structure({ Enabled: required(flag), AttributeName: required(text({ min: 1, max: 255 })) }),
  ),
};
const BACKUPS = {
  TableName: tableName,
  PointInTimeRecoverySpecification: required(
    structure({ PointInTimeRecoveryEnabled: required(flag), RecoveryPeriodInDays: optional(json) }),
  ),
};

/** Tags, time to live and continuous backups. The last two are stored only: no item expires, and there are no backups. */
export const settingsActions = (tables: Tables) => ({ ...tagActions(tables), ...upkeepActions(tables) });

const tagActions = (tables: Tables) => ({
  TagResource: action(
    { ResourceArn: required(text()), Tags: tagList('upper') },
    {
      resources: ({ ResourceArn }) => [ResourceArn],
      evidence: 'documented',
      run({ ResourceArn, Tags = {} }) {
        const { tags } = tableOf(tables, ResourceArn);
        if (Object.keys(Tags).length === 0) throw invalid('Atleast one Tag needs to be provided as Input.');
        if (new Set([...tags.keys(), ...Object.keys(Tags)]).size > MAX_TAGS) {
          throw invalid('One or more parameter values were invalid: Too many tags: a table has at most 50');
        }
        addTags(tags, Tags);
        return {};
      },
    },
  ),
  UntagResource: action(
    { ResourceArn: required(text()), TagKeys: required(list(text())) },
    {
      resources: ({ ResourceArn }) => [ResourceArn],
      evidence: 'documented',
      run({ ResourceArn, TagKeys }) {
        const { tags } = tableOf(tables, ResourceArn);
        if (TagKeys.length === 0) throw invalid('Atleast one Tag Key needs to be provided as Input.');
        removeTags(tags, TagKeys);
        return {};
      },
    },
  ),
  ListTagsOfResource: action(
    { ResourceArn: required(text()), NextToken: optional(text()) },
    {
      resources: ({ ResourceArn }) => [ResourceArn],
      evidence: 'documented',
      run: ({ ResourceArn }) => ({ Tags: showTags(tableOf(tables, ResourceArn).tags, 'upper') }),
    },
  ),
});

/** @throws {AwsError} ValidationException, ResourceNotFoundException: recorded by dynalite's suite, spelling and all */
function tableOf(tables: Tables, arn: string): Table {
  const [, name] = /^arn:[^:]+:dynamodb:[^:]+:\d+:table\/([^/]{3,})$/.exec(arn) ?? [];
  if (name === undefined) throw invalid(`Invalid TableArn: Invalid ResourceArn provided as input ${arn}`);
  const table = tables.find(name);
  if (table?.arn === arn) return table;
  throw new AwsError('ResourceNotFoundException', `Requested resource not found: ResourcArn: ${arn} not found`);
}

const upkeepActions = (tables: Tables) => ({
  UpdateTimeToLive: action(TIME_TO_LIVE, {
    resources: ({ TableName }, caller) => [tableArn(caller, TableName)],
    evidence: 'documented',
    run({ TableName, TimeToLiveSpecification: { Enabled, AttributeName } }) {
      const table = tables.get(TableName);
      refuseSameTimeToLive(table, Enabled, AttributeName);
      table.timeToLiveAttribute = Enabled ? AttributeName : undefined;
      table.expiry.follow(table.timeToLiveAttribute);
      return { TimeToLiveSpecification: { Enabled, AttributeName } };
    },
  }),
  DescribeTimeToLive: action(
    { TableName: tableName },
    {
      resources: ({ TableName }, caller) => [tableArn(caller, TableName)],
      evidence: 'documented',
      run({ TableName }) {
        const { timeToLiveAttribute: AttributeName } = tables.get(TableName);
        const isEnabled = AttributeName !== undefined;
        return {
          TimeToLiveDescription: isEnabled
            ? { TimeToLiveStatus: 'ENABLED', AttributeName }
            : { TimeToLiveStatus: 'DISABLED' },
        };
      },
    },
  ),
  UpdateContinuousBackups: action(BACKUPS, {
    resources: ({ TableName }, caller) => [tableArn(caller, TableName)],
    evidence: 'documented',
    run({ TableName, PointInTimeRecoverySpecification }) {
      const table = backedUpTable(tables, TableName);
      table.pointInTimeRecovery = PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled;
      return continuousBackups(table);
    },
  }),
  DescribeContinuousBackups: action(
    { TableName: tableName },
    {
      resources: ({ TableName }, caller) => [tableArn(caller, TableName)],
      evidence: 'documented',
      run: ({ TableName }) => continuousBackups(backedUpTable(tables, TableName)),
    },
  ),
});

/** Recorded, by many users' reports: asking for what is so already is refused. */
function refuseSameTimeToLive({ timeToLiveAttribute: current }: Table, enabled: boolean, attribute: string): void {
  if (!enabled && current === undefined) throw invalid('TimeToLive is already disabled');
  if (!enabled || current === undefined) return;
  if (current === attribute) throw invalid('TimeToLive is already enabled');
  throw invalid(`TimeToLive is active on a different AttributeName: current AttributeName is ${current}`);
}

function backedUpTable(tables: Tables, name: string): Table {
  const table = tables.find(name);
  if (table === undefined) throw new AwsError('TableNotFoundException', `Table not found: ${name}`);
  return table;
}

const continuousBackups = ({ pointInTimeRecovery }: Table): JsonObject => ({
  ContinuousBackupsDescription: {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: pointInTimeRecovery ? 'ENABLED' : 'DISABLED' },
  },
});
