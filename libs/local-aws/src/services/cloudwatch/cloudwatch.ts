import type { Service, World } from '../../kernel/service.ts';
import { actionsIn } from '../../kit/action.ts';
import { identity } from '../../kit/dialects.ts';
import { alarmActions } from './alarm-actions.ts';
import { AlarmStore } from './alarm-store.ts';
import { alarmTagActions } from './alarm-tags.ts';
import { dashboardActions } from './dashboards.ts';

/**
 * Amazon CloudWatch: alarms and dashboards are kept and shown. There are no metrics here, so an alarm never leaves
 * INSUFFICIENT_DATA and its actions are not carried out.
 */
export function createCloudWatch(world: World): Service {
  const alarms = new AlarmStore(world);
  return {
    id: 'cloudwatch',
    actions: actionsIn(identity, { ...alarmActions(alarms), ...alarmTagActions(alarms), ...dashboardActions(world) }),
  };
}
