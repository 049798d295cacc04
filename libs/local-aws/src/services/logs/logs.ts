import type { Service, World } from '../../kernel/service.ts';
import { actionsIn } from '../../kit/action.ts';
import { coral } from '../../kit/dialects.ts';
import { logEventActions } from './log-events.ts';
import { LogGroups, logGroupActions } from './log-groups.ts';

export type Logs = Service & Pick<LogGroups, 'append' | 'lines'>;

/** CloudWatch Logs, kept in memory: what functions print, to be read back. */
export function createLogs(world: World): Logs {
  const groups = new LogGroups(world);
  return {
    id: 'logs',
    actions: actionsIn(coral({ code: 'InvalidParameterException' }), {
      ...logGroupActions(groups),
      ...logEventActions(groups),
    }),
    append: (group, line) => groups.append(group, line),
    lines: (group) => groups.lines(group),
  };
}
