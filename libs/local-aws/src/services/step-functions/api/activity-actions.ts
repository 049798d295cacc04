import type { LegacyAction as Action } from '../../../kit/legacy.ts';
import type { World } from '../../../kernel/service.ts';
import type { Activities, Activity } from '../run/activities.ts';
import { checkName, formatArn, parseArn } from './arn.ts';
import { pageOf } from './pages.ts';
import { activityDoesNotExist } from './refusals.ts';
import { arn, opaque, optional, pageMembers, readRequest, required, tagMembers, text } from './request.ts';
import { toSeconds } from './seconds.ts';

export function createActivityActions(world: World, activities: Activities): Record<string, Action> {
  const find = (activityArn: string): Activity => {
    const activity = activities.byArn.get(parseArn(activityArn, 'activity').text);
    if (activity === undefined) throw activityDoesNotExist(activityArn);
    return activity;
  };
  const summarise = ({ arn: activityArn, name, creationDate }: Activity) => ({
    activityArn,
    name,
    creationDate: toSeconds(creationDate),
  });

  return {
    /** A repeated request is answered as the first. */
    CreateActivity(input) {
      const request = readRequest(input, {
        name: required(text({ min: 1, max: 80 })),
        tags: tagMembers,
        encryptionConfiguration: optional(opaque),
      });
      checkName(request.name);
      const activityArn = formatArn(world, 'activity', request.name);
      const activity = activities.byArn.get(activityArn) ?? {
        arn: activityArn,
        name: request.name,
        creationDate: world.clock.now(),
        encryptionConfiguration: request.encryptionConfiguration,
        tags: new Map(request.tags?.map(({ key, value }) => [key, value])),
        offers: new Set(),
        polls: new Set(),
      };
      activities.byArn.set(activityArn, activity);
      return { activityArn, creationDate: toSeconds(activity.creationDate) };
    },

    DescribeActivity(input) {
      const activity = find(readRequest(input, { activityArn: arn }).activityArn);
      const { encryptionConfiguration } = activity;
      return { ...summarise(activity), ...(encryptionConfiguration !== undefined && { encryptionConfiguration }) };
    },

    ListActivities(input) {
      const sorted = [...activities.byArn.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
      const { items, ...rest } = pageOf(sorted, readRequest(input, pageMembers));
      return { activities: items.map(summarise), ...rest };
    },

    DeleteActivity(input) {
      const { activityArn } = readRequest(input, { activityArn: arn });
      activities.byArn.delete(parseArn(activityArn, 'activity').text);
      return {};
    },

    /** Waits up to a minute for a task; the answer is empty where none came. */
    async GetActivityTask(input) {
      const request = readRequest(input, { activityArn: arn, workerName: optional(text({ min: 1, max: 80 })) });
      const offer = await activities.take(find(request.activityArn), request.workerName);
      return offer ? { taskToken: offer.token, input: offer.input } : {};
    },
  };
}
