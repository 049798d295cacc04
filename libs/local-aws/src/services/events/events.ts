import type { Timer } from '../../kernel/clock/clock.ts';
import type { Service, ServiceEvent, World } from '../../kernel/service.ts';
import { actionsIn } from '../../kit/action.ts';
import { coral } from '../../kit/dialects.ts';
import { busActions, tagActions } from './bus-actions.ts';
import { createEvent, type BusEvent } from './bus-event.ts';
import { Buses, type Bus } from './buses.ts';
import { createDelivery } from './delivery.ts';
import { eventActions } from './event-actions.ts';
import type { Rule } from './rule.ts';
import { listRuleActions, ruleActions } from './rule-actions.ts';
import { nextTime } from './schedule.ts';
import { targetActions } from './target-actions.ts';

export interface Events extends Service {
  /** Puts an event of an AWS service on the default bus. */
  publish(event: ServiceEvent): void;
}

/** Amazon EventBridge: buses, rules, targets and schedules. */
export function createEvents(world: World): Events {
  const schedules = new Map<string, Timer>();

  /** Sets the one timer of a rule that has a schedule. It is called with every change of the rule. */
  const reschedule = (arn: string, rule: Rule | undefined): void => {
    schedules.get(arn)?.cancel();
    schedules.delete(arn);
    if (rule?.schedule === undefined || rule.state === 'DISABLED') return;
    const { times, since } = rule.schedule;
    const time = nextTime(times, since, world.clock.now());
    if (time === undefined) return;
    const fire = (): void => {
      const facts = { source: 'aws.events', 'detail-type': 'Scheduled Event', resources: [arn], detail: {} };
      send(rule, createEvent(world, facts));
      reschedule(arn, rule);
    };
    schedules.set(arn, world.clock.at(time, fire));
  };

  const buses = new Buses(world, reschedule);
  const put = (bus: Bus, event: BusEvent): void => {
    for (const rule of bus.rules.values()) {
      if (rule.state === 'ENABLED' && rule.pattern?.matches(event) === true) send(rule, event);
    }
  };
  const delivery = createDelivery(world, (busArn, event) => put(buses.find(busArn), event));
  const send = (rule: Rule, event: BusEvent): void => {
    for (const target of rule.targets.values()) delivery.deliver(event, rule, target);
  };

  return {
    id: 'events',
    actions: actionsIn(coral({ lowerFirst: true }), {
      ...busActions(buses),
      ...tagActions(buses),
      ...ruleActions(world, buses),
      ...listRuleActions(buses),
      ...targetActions(buses),
      ...eventActions(world, buses, put),
    }),
    publish: (event) => put(buses.find('default'), createEvent(world, event)),
    close() {
      delivery.close();
      for (const timer of schedules.values()) timer.cancel();
    },
  };
}
