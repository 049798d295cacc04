import { AwsError } from '../../kernel/aws-error.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { list, required, text } from '../../kit/reader.ts';
import { busName, listOf, pageMembers, ruleArn, type Buses } from './buses.ts';
import { ruleName } from './rule-actions.ts';
import { givenTarget, parseTarget } from './target.ts';

/** [documented: EventBridge quotas] */
const MAX_TARGETS = 5;

const ofRule = { Rule: ruleName, EventBusName: busName };

/** The actions on the targets of rules. */
export const targetActions = (buses: Buses): Record<string, UnboundAction> => ({
  PutTargets: action(
    { ...ofRule, Targets: required(list(givenTarget, { min: 1, max: 100 })) },
    {
      resources: ({ Rule, EventBusName }, caller) => [ruleArn(caller, EventBusName, Rule)],
      evidence: 'documented',
      run({ Rule, EventBusName, Targets }) {
        const rule = buses.findRule(Rule, EventBusName);
        const added = Targets.map(parseTarget);
        const targets = new Map([...rule.targets, ...added.map((target) => [target.id, target] as const)]);
        if (targets.size > MAX_TARGETS) {
          throw new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
        }
        buses.putRule({ ...rule, targets });
        return { FailedEntryCount: 0, FailedEntries: [] };
      },
    },
  ),

  RemoveTargets: action(
    { ...ofRule, Ids: required(list(text({ min: 1, max: 64 }), { min: 1, max: 100 })) },
    {
      resources: ({ Rule, EventBusName }, caller) => [ruleArn(caller, EventBusName, Rule)],
      evidence: 'documented',
      run({ Rule, EventBusName, Ids }) {
        const rule = buses.findRule(Rule, EventBusName);
        const targets = new Map([...rule.targets].filter(([id]) => !Ids.includes(id)));
        buses.putRule({ ...rule, targets });
        return { FailedEntryCount: 0, FailedEntries: [] };
      },
    },
  ),

  ListTargetsByRule: action(
    { ...ofRule, ...pageMembers },
    {
      resources: ({ Rule, EventBusName }, caller) => [ruleArn(caller, EventBusName, Rule)],
      evidence: 'documented',
      run({ Rule, EventBusName, ...page }) {
        const { items, next } = listOf([...buses.findRule(Rule, EventBusName).targets.values()], page);
        return { Targets: items.map(({ given }) => given), ...next };
      },
    },
  ),
});
