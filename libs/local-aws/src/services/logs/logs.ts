import type { Service, World } from '../../kernel/service.ts';
import { actionsIn } from '../../kit/action.ts';
import { coral } from '../../kit/dialects.ts';
import { logEventActions } from './log-events.ts';
import { logGroupKeyActions } from './log-group-keys.ts';
import { logGroupTagActions } from './log-group-tags.ts';
import { LogGroups, logGroupActions } from './log-groups.ts';
import { metricFilterActions } from './metric-filters.ts';

export type Logs = Service & Pick<LogGroups, 'append' | 'has' | 'lines'>;

/** CloudWatch Logs, kept in memory: what functions print, to be read back. */
export function createLogs(world: World): Logs {
  const groups = new LogGroups(world);
  return {
    id: 'logs',
    actions: actionsIn(coral({ code: 'InvalidParameterException' }), {
      ...logGroupActions(groups),
      ...logGroupKeyActions(groups),
      ...logGroupTagActions(groups),
      ...logEventActions(groups),
      ...metricFilterActions(groups),
    }),
    resourceFacts: { tagsOf: (arn) => groups.tagsOf(arn) },
    has: (group) => groups.has(group),
    append: (group, line) => groups.append(group, line),
    lines: (group) => groups.lines(group),
  };
}
