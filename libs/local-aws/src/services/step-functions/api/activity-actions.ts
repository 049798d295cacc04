import { action, type UnboundAction } from '../../../kit/action.ts';
import { addTags, tagList } from '../../../kit/tags.ts';
import { optional, text } from '../../../kit/reader.ts';
import { checkName, readArn, statesArn } from '../arn.ts';
import { activityDoesNotExist } from '../refusals.ts';
import type { Activities, Activity } from '../run/activities.ts';
import type { Runtime } from '../run/runtime.ts';
import { arn, encryptionConfiguration, listOf, pageMembers, resourceName, toSeconds } from './members.ts';

export function activityActions({ world, activities }: Runtime): Record<string, UnboundAction> {
  return {
    /** A repeated request is answered as the first. */
    CreateActivity: action(
      { name: resourceName, tags: tagList('lower'), encryptionConfiguration },
      {
        resources: ({ name }, caller) => [statesArn(caller, 'activity', name)],
        evidence: 'documented',
        run(request) {
          checkName(request.name);
          const activityArn = statesArn(world, 'activity', request.name);
          const activity = activities.byArn.get(activityArn) ?? {
            arn: activityArn,
            name: request.name,
            creationDate: world.clock.now(),
            encryptionConfiguration: request.encryptionConfiguration,
            tags: addTags(new Map(), request.tags),
            offers: new Set(),
            polls: new Set(),
          };
          activities.byArn.set(activityArn, activity);
          return { activityArn, creationDate: toSeconds(activity.creationDate) };
        },
      },
    ),

    DescribeActivity: action(
      { activityArn: arn },
      {
        resources: ({ activityArn }) => [activityArn],
        evidence: 'documented',
        run({ activityArn }) {
          const activity = find(activities, activityArn);
          const { encryptionConfiguration: encryption } = activity;
          return { ...summarise(activity), ...(encryption && { encryptionConfiguration: encryption }) };
        },
      },
    ),

    ListActivities: action(pageMembers, {
      evidence: 'documented',
      run(request) {
        const sorted = [...activities.byArn.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
        const { items, rest } = listOf(sorted, request);
        return { activities: items.map(summarise), ...rest };
      },
    }),

    DeleteActivity: action(
      { activityArn: arn },
      {
        resources: ({ activityArn }) => [activityArn],
        evidence: 'recorded',
        run({ activityArn }) {
          activities.byArn.delete(readArn(activityArn, 'activity').text);
          return {};
        },
      },
    ),

    GetActivityTask: getActivityTask(activities),
  };
}

/** Waits up to a minute for a task; the response is empty where none came. */
const getActivityTask = (activities: Activities): UnboundAction =>
  action(
    { activityArn: arn, workerName: optional(text({ min: 1, max: 80 })) },
    {
      resources: ({ activityArn }) => [activityArn],
      evidence: 'recorded',
      longPoll: true,
      async run({ activityArn, workerName }) {
        const offer = await activities.take(find(activities, activityArn), workerName);
        return offer ? { taskToken: offer.token, input: offer.input } : {};
      },
    },
  );

/** @throws {AwsError} InvalidArn, ActivityDoesNotExist */
function find(activities: Activities, activityArn: string): Activity {
  const activity = activities.byArn.get(readArn(activityArn, 'activity').text);
  if (activity === undefined) throw activityDoesNotExist(activityArn);
  return activity;
}

const summarise = ({ arn: activityArn, name, creationDate }: Activity) => ({
  activityArn,
  name,
  creationDate: toSeconds(creationDate),
});
