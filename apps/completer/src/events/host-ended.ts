import { change, failure, FailureName, hostWarned, isOpen, type Millis, seconds, settle } from '@baton/token-lib';
import * as z from 'zod/mini';
import { eachOpen, type EventPorts } from './each-open.ts';

export const HostEnded = z.object({
  'instance-id': z.string(),
  state: z.enum(['shutting-down', 'terminated', 'stopping', 'stopped']),
});

/** No grace: a host on its way out reports nothing that could still be trusted to come (L6). Its runs are over. */
export async function onHostEnded(ports: EventPorts, detail: z.infer<typeof HostEnded>, at: Millis): Promise<void> {
  const { 'instance-id': instanceId, state } = detail;
  const outcome = failure(FailureName.hostLost, `host ${instanceId} is ${state}; the job on it is lost`);
  // The event may be an old one of a host that has been started again. Its time has whole seconds.
  const before = at + seconds(1);
  await eachOpen(ports, await ports.open.ofInstance(instanceId), async (row) => {
    if (isOpen(row) && row.createdAt < before)
      await settle(ports, row, { from: { by: 'observer' }, outcome, at, runIsOver: true });
  });
}

export const SpotWarning = z.object({ 'instance-id': z.string(), 'instance-action': z.string() });

/** Two minutes' notice, which a job may be shorter than: it is marked, and nothing else. */
export async function onSpotWarning(ports: EventPorts, detail: z.infer<typeof SpotWarning>, at: Millis): Promise<void> {
  await eachOpen(ports, await ports.open.ofInstance(detail['instance-id']), (row) =>
    change(ports.store, row, (current) => hostWarned(current, detail['instance-action'], at)),
  );
}
