import { action, type UnboundAction } from '../../kit/action.ts';
import { required, text } from '../../kit/reader.ts';
import { addTags, removeTags, showTags, tagKeys, tagList } from '../../kit/tags.ts';
import type { AlarmStore } from './alarm-store.ts';

const resource = { ResourceARN: required(text({ min: 1, max: 1024 })) };

/** The actions on the tags of alarms. */
export const alarmTagActions = (alarms: AlarmStore): Record<string, UnboundAction> => ({
  ListTagsForResource: action(resource, {
    resources: ({ ResourceARN }) => [ResourceARN],
    evidence: 'documented',
    run: ({ ResourceARN }) => ({ Tags: showTags(alarms.findByArn(ResourceARN).tags, 'upper') }),
  }),

  TagResource: action(
    { ...resource, Tags: required(tagList('upper')) },
    {
      resources: ({ ResourceARN }) => [ResourceARN],
      evidence: 'documented',
      run({ ResourceARN, Tags }) {
        addTags(alarms.findByArn(ResourceARN).tags, Tags);
        return {};
      },
    },
  ),

  UntagResource: action(
    { ...resource, TagKeys: tagKeys },
    {
      resources: ({ ResourceARN }) => [ResourceARN],
      evidence: 'documented',
      run({ ResourceARN, TagKeys }) {
        removeTags(alarms.findByArn(ResourceARN).tags, TagKeys);
        return {};
      },
    },
  ),
});
