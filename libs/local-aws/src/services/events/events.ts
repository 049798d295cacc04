import { legacy } from '../../kit/legacy.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import type { Timer } from '../../kernel/clock/clock.ts';
import type { JsonObject, Service, ServiceEvent, World } from '../../kernel/service.ts';
import { createBuses, type Bus } from './buses.ts';
import { createDelivery } from './delivery.ts';
import { compilePattern } from '../../kit/event-pattern/event-pattern.ts';
import { parseEntries, type Entry } from './put-events.ts';
import type { BusEvent, Rule } from './rule.ts';
import { createRuleActions } from './rules.ts';
import { nextTime } from './schedule.ts';
import { createTagActions } from './tag-actions.ts';

export interface Events extends Service {
  /** An event of an AWS service, for the default bus. */
  publish(event: ServiceEvent): void;
}

/** EventBridge: buses, rules, targets and schedules. */
export function createEvents(world: World): Events {
  const buses = createBuses(world);
  const schedules = new Map<string, Timer>();

  const put = (bus: Bus, event: BusEvent): void => {
    for (const rule of bus.rules.values()) {
      if (rule.state === 'ENABLED' && rule.pattern?.matches(event) === true) send(rule, event);
    }
  };
  const delivery = createDelivery(world, (busArn, event) => put(buses.find(busArn), event));
  const send = (rule: Rule, event: BusEvent): void => {
    for (const target of rule.targets.values()) delivery.deliver(event, rule, target);
  };
  /** Sets the one timer of a rule that has a schedule; every change of the rule comes by here. */
  const reschedule = (arn: string, rule: Rule | undefined): void => {
    schedules.get(arn)?.cancel();
    schedules.delete(arn);
    if (rule?.schedule === undefined || rule.state === 'DISABLED') return;
    const { times, since } = rule.schedule;
    const time = nextTime(times, since, world.clock.now());
    if (time === undefined) return;
    const fire = (): void => {
      const facts = { source: 'aws.events', 'detail-type': 'Scheduled Event', resources: [arn], detail: {} };
      send(rule, envelop(world, facts));
      reschedule(arn, rule);
    };
    schedules.set(arn, world.clock.at(time, fire));
  };

  return {
    id: 'events',
    actions: legacy({
      ...buses.actions,
      ...createRuleActions(world, buses, reschedule),
      ...createTagActions(buses),
      PutEvents(input) {
        const entries = parseEntries(input).map((entry) => {
          if ('ErrorCode' in entry) return entry;
          const event = envelop(world, { ...entry, 'detail-type': entry.detailType }, entry.time);
          const bus = findQuietly(entry);
          if (bus !== undefined) put(bus, event);
          return { EventId: event.id };
        });
        return { FailedEntryCount: entries.filter((entry) => 'ErrorCode' in entry).length, Entries: entries };
      },
      TestEventPattern: ({ EventPattern, Event }) => ({
        Result: compilePattern(String(EventPattern))(parseEvent(Event)),
      }),
    }),
    publish: (event) => put(buses.find('default'), envelop(world, event)),
    close() {
      delivery.close();
      for (const timer of schedules.values()) timer.cancel();
    },
  };

  /** PutEvents takes events for a bus that is not there, and they go nowhere. */
  function findQuietly({ bus }: Entry): Bus | undefined {
    try {
      return buses.find(bus);
    } catch {
      return undefined;
    }
  }
}

function envelop(world: World, event: ServiceEvent, seconds = world.clock.now() / 1000): BusEvent {
  return {
    version: '0',
    id: world.uuid(),
    'detail-type': event['detail-type'],
    source: event.source,
    account: world.accountId,
    time: new Date(Math.floor(seconds) * 1000).toISOString().replace('.000Z', 'Z'),
    region: world.region,
    resources: event.resources,
    detail: event.detail,
  };
}

const MANDATORY = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type'];

/** @throws {AwsError} ValidationException */
function parseEvent(text: unknown): JsonObject {
  let event: JsonObject | null;
  try {
    event = JSON.parse(String(text)) as JsonObject | null;
  } catch {
    throw new AwsError('ValidationException', 'Parameter Event is not valid. Reason: JSON syntax error.');
  }
  const absent = MANDATORY.filter((member) => event?.[member] === undefined);
  if (event !== null && absent.length === 0) return event;
  throw new AwsError('ValidationException', `Parameter Event is not valid. Reason: it lacks ${absent.join(', ')}.`);
}
