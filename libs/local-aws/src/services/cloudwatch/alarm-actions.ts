import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject, Place } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { pageOf } from '../../kit/page.ts';
import { integer, list, oneOf, optional, required, text, withDefault } from '../../kit/reader.ts';
import { addTags, tagList } from '../../kit/tags.ts';
import { alarmMembers, alarmName, checkAlarm } from './alarm-members.ts';
import { alarmArn, type Alarm, type AlarmStore } from './alarm-store.ts';

/** The only state that an alarm has here. */
const STATE = 'INSUFFICIENT_DATA';

const refuseToken = (): AwsError => new AwsError('InvalidNextToken', 'The specified next token is invalid.');

/** The actions on metric alarms. */
export const alarmActions = (alarms: AlarmStore): Record<string, UnboundAction> => ({
  PutMetricAlarm: action(
    { AlarmName: required(alarmName), ...alarmMembers, Tags: tagList('upper') },
    {
      resources: ({ AlarmName }, caller) => [alarmArn(caller, AlarmName)],
      evidence: 'documented',
      run({ AlarmName, Tags, ...given }) {
        checkAlarm(given);
        alarms.put(AlarmName, given, addTags(new Map(), Tags));
        return {};
      },
    },
  ),

  DescribeAlarms: action(
    {
      AlarmNames: optional(list(alarmName, { max: 100 })),
      AlarmNamePrefix: withDefault(alarmName, ''),
      AlarmTypes: withDefault(list(oneOf(['MetricAlarm', 'CompositeAlarm'])), ['MetricAlarm']),
      StateValue: optional(oneOf(['OK', 'ALARM', STATE])),
      ActionPrefix: optional(text({ min: 1, max: 1024 })),
      MaxRecords: optional(integer({ min: 1, max: 100 })),
      NextToken: optional(text()),
    },
    {
      resources: ({ AlarmNames = [] }, caller) =>
        AlarmNames.length === 0 ? [alarmArn(caller, '*')] : AlarmNames.map((name) => alarmArn(caller, name)),
      evidence: 'documented',
      run({ AlarmNames: names, AlarmNamePrefix: prefix, AlarmTypes, StateValue, ActionPrefix, ...request }) {
        const isWanted = (alarm: Alarm): boolean =>
          AlarmTypes.includes('MetricAlarm') &&
          (names === undefined || names.length === 0 || names.includes(alarm.name)) &&
          alarm.name.startsWith(prefix) &&
          (StateValue ?? STATE) === STATE &&
          (ActionPrefix === undefined || actionsOf(alarm).some((arn) => arn.startsWith(ActionPrefix)));
        const page = { size: request.MaxRecords, token: request.NextToken };
        const { items, next } = pageOf(alarms.all().filter(isWanted), page, { usual: 50, refuse: refuseToken });
        return {
          MetricAlarms: items.map((alarm) => alarmShape(alarms.world, alarm)),
          CompositeAlarms: [],
          ...(next !== undefined && { NextToken: next }),
        };
      },
    },
  ),

  DeleteAlarms: action(
    { AlarmNames: required(list(alarmName, { max: 100 })) },
    {
      resources: ({ AlarmNames }, caller) => AlarmNames.map((name) => alarmArn(caller, name)),
      evidence: 'documented',
      run({ AlarmNames }) {
        const unknown = AlarmNames.filter((name) => alarms.get(name) === undefined);
        // Nothing is deleted when several are named and one is not there; one alone may be gone already.
        // [documented: CloudWatch API Reference, "DeleteAlarms"]
        if (unknown.length > 0 && AlarmNames.length > 1) {
          throw new AwsError('ResourceNotFound', `Unknown alarms: ${unknown.join(', ')}`, 404);
        }
        alarms.delete(AlarmNames);
        return {};
      },
    },
  ),
});

const actionsOf = ({ configuration }: Alarm): readonly string[] =>
  ['OKActions', 'AlarmActions', 'InsufficientDataActions'].flatMap((kind) => configuration[kind] as string[]);

const alarmShape = (place: Place, alarm: Alarm): JsonObject => ({
  AlarmName: alarm.name,
  AlarmArn: alarmArn(place, alarm.name),
  ...alarm.configuration,
  AlarmConfigurationUpdatedTimestamp: new Date(alarm.updatedAt).toISOString(),
  StateValue: STATE,
  StateReason: 'Unchecked: Initial alarm creation',
  StateUpdatedTimestamp: new Date(alarm.createdAt).toISOString(),
  StateTransitionedTimestamp: new Date(alarm.createdAt).toISOString(),
});
