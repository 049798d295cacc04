import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject, World } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { compilePattern } from '../../kit/event-pattern/event-pattern.ts';
import { oneOf, optional, required, text, withDefault, type Members } from '../../kit/reader.ts';
import { addTags, tagList } from '../../kit/tags.ts';
import { busName, listOf, pageMembers, ruleArn, type Buses } from './buses.ts';
import type { Rule } from './rule.ts';
import { parseSchedule } from './schedule.ts';

/** `Name` of a rule in a request. */
export const ruleName = required(
  text({ min: 1, max: 64, pattern: /[.\-_A-Za-z0-9]+/, patternText: '[\\.\\-_A-Za-z0-9]+' }),
);
const named = { Name: ruleName, EventBusName: busName };

// In these, empty text counts as absent.
const ruleMembers = {
  ...named,
  EventPattern: optional(text({ max: 4096 })),
  ScheduleExpression: optional(text({ max: 256 })),
  State: withDefault(oneOf(['ENABLED', 'DISABLED']), 'ENABLED'),
  Description: optional(text({ max: 512 })),
  RoleArn: optional(text({ max: 1600 })),
  Tags: tagList('upper'),
};

/** The actions on rules. */
export function ruleActions(world: World, buses: Buses): Record<string, UnboundAction> {
  const switchTo = (state: Rule['state']): UnboundAction =>
    action(named, {
      resources: ({ Name, EventBusName }, caller) => [ruleArn(caller, EventBusName, Name)],
      evidence: 'documented',
      run({ Name, EventBusName }) {
        buses.putRule({ ...buses.findRule(Name, EventBusName), state });
        return {};
      },
    });

  return {
    PutRule: action(ruleMembers, {
      resources: ({ Name, EventBusName }, caller) => [ruleArn(caller, EventBusName, Name)],
      evidence: 'documented',
      run(request) {
        const rule = parseRule(world, buses, request);
        buses.putRule(rule);
        return { RuleArn: rule.arn };
      },
    }),

    DescribeRule: action(named, {
      resources: ({ Name, EventBusName }, caller) => [ruleArn(caller, EventBusName, Name)],
      evidence: 'documented',
      run: ({ Name, EventBusName }) => describe(buses.findRule(Name, EventBusName)),
    }),

    EnableRule: switchTo('ENABLED'),
    DisableRule: switchTo('DISABLED'),

    DeleteRule: action(named, {
      resources: ({ Name, EventBusName }, caller) => [ruleArn(caller, EventBusName, Name)],
      evidence: 'documented',
      run({ Name, EventBusName }) {
        const rule = buses.find(EventBusName).rules.get(Name);
        if (rule === undefined) return {};
        if (rule.targets.size > 0) {
          throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.");
        }
        buses.deleteRule(rule);
        return {};
      },
    }),
  };
}

/** The actions that list rules. IAM knows no resources of them. */
export const listRuleActions = (buses: Buses): Record<string, UnboundAction> => ({
  ListRules: action(
    { NamePrefix: optional(text({ min: 1, max: 64 })), EventBusName: busName, ...pageMembers },
    {
      evidence: 'documented',
      run({ NamePrefix = '', EventBusName, ...page }) {
        const rules = [...buses.find(EventBusName).rules.values()].filter(({ name }) => name.startsWith(NamePrefix));
        const { items, next } = listOf(rules, page);
        return { Rules: items.map(describe), ...next };
      },
    },
  ),

  ListRuleNamesByTarget: action(
    { TargetArn: required(text({ min: 1, max: 1600 })), EventBusName: busName, ...pageMembers },
    {
      evidence: 'documented',
      run({ TargetArn, EventBusName, ...page }) {
        const rules = [...buses.find(EventBusName).rules.values()].filter(({ targets }) =>
          [...targets.values()].some(({ arn }) => arn === TargetArn),
        );
        const { items, next } = listOf(rules, page);
        return { RuleNames: items.map(({ name }) => name), ...next };
      },
    },
  ),
});

/** @throws {AwsError} ValidationException, InvalidEventPatternException, ResourceNotFoundException */
function parseRule(world: World, buses: Buses, request: Members<typeof ruleMembers>): Rule {
  const { Name, EventPattern, ScheduleExpression, State, Description, RoleArn, Tags } = request;
  const bus = buses.find(request.EventBusName);
  if (!EventPattern && !ScheduleExpression) {
    throw new AwsError('ValidationException', 'Parameter(s) EventPattern or ScheduleExpression must be specified.');
  }
  if (ScheduleExpression && bus.name !== 'default') {
    throw new AwsError('ValidationException', 'ScheduleExpression is supported only on the default event bus.');
  }
  const before = bus.rules.get(Name);
  return {
    name: Name,
    busName: bus.name,
    arn: ruleArn(world, bus.name, Name),
    state: State,
    targets: before?.targets ?? new Map(),
    // The tags of a rule that exists are changed by TagResource only. [documented: API Reference, "PutRule"]
    tags: before?.tags ?? addTags(new Map(), Tags),
    ...(Description && { description: Description }),
    ...(RoleArn && { roleArn: RoleArn }),
    ...(EventPattern && { pattern: { text: EventPattern, matches: compilePattern(EventPattern) } }),
    ...(ScheduleExpression && {
      schedule: { expression: ScheduleExpression, times: parseSchedule(ScheduleExpression), since: world.clock.now() },
    }),
  };
}

function describe(rule: Rule): JsonObject {
  return {
    Name: rule.name,
    Arn: rule.arn,
    State: rule.state,
    EventBusName: rule.busName,
    ...(rule.pattern && { EventPattern: rule.pattern.text }),
    ...(rule.schedule && { ScheduleExpression: rule.schedule.expression }),
    ...(rule.description !== undefined && { Description: rule.description }),
    ...(rule.roleArn !== undefined && { RoleArn: rule.roleArn }),
  };
}
