import { action, type UnboundAction } from '../../kit/action.ts';
import { list, mapOf, required, text } from '../../kit/reader.ts';
import { addTags, removeTags } from '../../kit/tags.ts';
import type { LogGroups } from './log-groups.ts';

const resourceArn = required(text({ min: 1, max: 1011, pattern: /[\w+=/:,.@*-]+/ }));

/** The actions on the tags of log groups, which are the only resources of Logs here. */
export const logGroupTagActions = (groups: LogGroups): Record<string, UnboundAction> => ({
  ListTagsForResource: action(
    { resourceArn },
    {
      resources: (request) => [request.resourceArn],
      evidence: 'documented',
      run: (request) => ({ tags: Object.fromEntries(groups.findByArn(request.resourceArn).tags) }),
    },
  ),

  TagResource: action(
    { resourceArn, tags: required(mapOf(text({ max: 256 }))) },
    {
      resources: (request) => [request.resourceArn],
      evidence: 'documented',
      run({ tags, ...request }) {
        addTags(groups.findByArn(request.resourceArn).tags, tags);
        return {};
      },
    },
  ),

  UntagResource: action(
    { resourceArn, tagKeys: required(list(text({ min: 1, max: 128 }), { max: 50 })) },
    {
      resources: (request) => [request.resourceArn],
      evidence: 'documented',
      run({ tagKeys, ...request }) {
        removeTags(groups.findByArn(request.resourceArn).tags, tagKeys);
        return {};
      },
    },
  ),
});
