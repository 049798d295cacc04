import type { ServiceEvent, World } from '../../kernel/service.ts';

/** An event as rules and targets see it. */
export interface BusEvent extends ServiceEvent {
  readonly version: '0';
  readonly id: string;
  readonly account: string;
  /** ISO 8601, to the second. */
  readonly time: string;
  readonly region: string;
}

/** The event with the members that EventBridge adds. `seconds` is its time; now where none is given. */
export const createEvent = (
  world: World,
  { 'detail-type': detailType, source, resources, detail }: ServiceEvent,
  seconds = world.clock.now() / 1000,
): BusEvent => ({
  version: '0',
  id: world.uuid(),
  'detail-type': detailType,
  source,
  account: world.accountId,
  time: new Date(Math.floor(seconds) * 1000).toISOString().replace('.000Z', 'Z'),
  region: world.region,
  resources,
  detail,
});
