import type { LegacyAction as Action } from '../../kit/legacy.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject, World } from '../../kernel/service.ts';
import type { Buses } from './buses.ts';
import { compilePattern } from '../../kit/event-pattern/event-pattern.ts';
import type { Rule } from './rule.ts';
import { parseSchedule } from './schedule.ts';
import { addTags } from './tag-actions.ts';
import { parseTarget, type Target } from './target.ts';

const MOST_TARGETS = 5;
const MOST_LISTED = 100;

/** The API of rules and their targets. `changed` is called with each rule's new form, or with none when it is gone. */
export function createRuleActions(
  world: World,
  buses: Buses,
  changed: (arn: string, rule: Rule | undefined) => void,
): Readonly<Record<string, Action>> {
  const store = (rule: Rule): void => {
    buses.find(rule.busName).rules.set(rule.name, rule);
    changed(rule.arn, rule);
  };
  const find = (name: unknown, bus: unknown): Rule => {
    const { rules, name: busName } = buses.find(bus);
    const rule = rules.get(String(name));
    if (rule !== undefined) return rule;
    throw new AwsError('ResourceNotFoundException', `Rule ${String(name)} does not exist on EventBus ${busName}.`);
  };

  return {
    PutRule(input) {
      const rule = parseRule(world, buses, input);
      store(rule);
      return { RuleArn: rule.arn };
    },
    DescribeRule: ({ Name, EventBusName }) => describe(find(Name, EventBusName)),
    EnableRule({ Name, EventBusName }) {
      store({ ...find(Name, EventBusName), state: 'ENABLED' });
      return {};
    },
    DisableRule({ Name, EventBusName }) {
      store({ ...find(Name, EventBusName), state: 'DISABLED' });
      return {};
    },
    DeleteRule({ Name, EventBusName }) {
      const { rules } = buses.find(EventBusName);
      const rule = rules.get(String(Name));
      if (rule === undefined) return {};
      if (rule.targets.size > 0)
        throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.");
      rules.delete(rule.name);
      changed(rule.arn, undefined);
      return {};
    },
    ListRules(input) {
      const { NamePrefix: prefix = '' } = input as { NamePrefix?: string };
      const rules = [...buses.find(input['EventBusName']).rules.values()].filter(({ name }) => name.startsWith(prefix));
      const { items, ...next } = page(rules, input);
      return { Rules: items.map(describe), ...next };
    },
    ListRuleNamesByTarget(input) {
      const rules = [...buses.find(input['EventBusName']).rules.values()].filter(({ targets }) =>
        [...targets.values()].some(({ arn }) => arn === input['TargetArn']),
      );
      const { items, ...next } = page(rules, input);
      return { RuleNames: items.map(({ name }) => name), ...next };
    },
    PutTargets({ Rule, EventBusName, Targets }) {
      const rule = find(Rule, EventBusName);
      const added = ((Targets ?? []) as JsonObject[]).map(parseTarget);
      const targets = new Map([...rule.targets, ...added.map((target) => [target.id, target] as const)]);
      if (targets.size > MOST_TARGETS) {
        throw new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
      }
      store({ ...rule, targets });
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    RemoveTargets({ Rule, EventBusName, Ids }) {
      const rule = find(Rule, EventBusName);
      const targets = new Map<string, Target>(rule.targets);
      for (const id of (Ids ?? []) as string[]) targets.delete(id);
      store({ ...rule, targets });
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    ListTargetsByRule(input) {
      const { items, ...next } = page([...find(input['Rule'], input['EventBusName']).targets.values()], input);
      return { Targets: items.map(({ given }) => given), ...next };
    },
  };
}

/** @throws {AwsError} ValidationException, InvalidEventPatternException, ResourceNotFoundException */
function parseRule(world: World, buses: Buses, input: JsonObject): Rule {
  const { Name, EventPattern, ScheduleExpression, State = 'ENABLED', Description, RoleArn } = input;
  const bus = buses.find(input['EventBusName']);
  if (typeof Name !== 'string' || !/^[.\-_A-Za-z0-9]{1,64}$/.test(Name)) {
    const rule = 'Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+, with at most 64 characters';
    throw new AwsError(
      'ValidationException',
      `Value '${String(Name)}' at 'name' failed to satisfy constraint: ${rule}`,
    );
  }
  if (State !== 'ENABLED' && State !== 'DISABLED') {
    throw new AwsError(
      'ValidationException',
      `Value '${String(State)}' at 'state' failed to satisfy constraint: ENABLED or DISABLED`,
    );
  }
  if (!isText(EventPattern) && !isText(ScheduleExpression)) {
    throw new AwsError('ValidationException', 'Parameter(s) EventPattern or ScheduleExpression must be specified.');
  }
  if (isText(ScheduleExpression) && bus.name !== 'default') {
    throw new AwsError('ValidationException', 'ScheduleExpression is supported only on the default event bus.');
  }
  const before = bus.rules.get(Name);
  const path = bus.name === 'default' ? Name : `${bus.name}/${Name}`;
  return {
    name: Name,
    busName: bus.name,
    arn: `arn:aws:events:${world.region}:${world.accountId}:rule/${path}`,
    state: State,
    targets: before?.targets ?? new Map<string, Target>(),
    // Those of a rule that is there are changed with TagResource only.
    tags: before?.tags ?? addTags(new Map<string, string>(), input['Tags']),
    ...(isText(Description) && { description: Description }),
    ...(isText(RoleArn) && { roleArn: RoleArn }),
    ...(isText(EventPattern) && { pattern: { text: EventPattern, matches: compilePattern(EventPattern) } }),
    ...(isText(ScheduleExpression) && {
      schedule: { expression: ScheduleExpression, times: parseSchedule(ScheduleExpression), since: world.clock.now() },
    }),
  };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

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

/** The token is the position of the next item. */
function page<T>(all: readonly T[], { Limit = MOST_LISTED, NextToken = '0' }: JsonObject) {
  const start = Number(NextToken);
  const end = start + Math.min(Number(Limit), MOST_LISTED);
  return { items: all.slice(start, end), ...(end < all.length && { NextToken: String(end) }) };
}
