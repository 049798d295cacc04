import { arnOf } from '../../kit/arn.ts';
import type { Caller } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { required, text, type Check } from '../../kit/reader.ts';
import { addTags, removeTags, tagKeys, tagMap, type Tags } from '../../kit/tags.ts';
import type { EventSourceMappings } from './event-source-mappings.ts';
import type { FunctionStore } from './function-store.ts';
import { functionArn, functionReference, type Reference } from './reference.ts';

/** What has tags: a function, or an event source mapping. */
type Taggable = { readonly mapping: string } | { readonly fn: Reference };

const taggable: Check<Taggable> = (value, path, reading) => {
  const arn = text({ min: 1, max: 256 })(value, path, reading);
  const mapping = /^arn:[^:]+:lambda:[^:]+:\d{12}:event-source-mapping:([\w-]+)$/.exec(arn)?.[1];
  return mapping === undefined ? { fn: functionReference(value, path, reading) } : { mapping };
};

const resourceMember = { Resource: required(taggable) };

const arnAsSeen = (resource: Taggable, caller: Caller): string =>
  'fn' in resource
    ? functionArn(resource.fn, caller)
    : arnOf(caller, 'lambda', `event-source-mapping:${resource.mapping}`);

/** The tags of functions and of event source mappings. */
export function tagActions(functions: FunctionStore, mappings: EventSourceMappings): Record<string, UnboundAction> {
  const evidence = 'documented';
  const tagsOf = (resource: Taggable): Tags =>
    'fn' in resource ? functions.find(resource.fn.name).tags : mappings.find(resource.mapping).tags;
  return {
    ListTags: action(resourceMember, {
      resources: ({ Resource }, caller) => [arnAsSeen(Resource, caller)],
      evidence,
      run: ({ Resource }) => ({ Tags: Object.fromEntries(tagsOf(Resource)) }),
    }),

    TagResource: action(
      { ...resourceMember, Tags: tagMap },
      {
        resources: ({ Resource }, caller) => [arnAsSeen(Resource, caller)],
        evidence,
        run({ Resource, Tags }) {
          addTags(tagsOf(Resource), Tags);
          return {};
        },
      },
    ),

    UntagResource: action(
      { ...resourceMember, TagKeys: tagKeys },
      {
        resources: ({ Resource }, caller) => [arnAsSeen(Resource, caller)],
        evidence,
        run({ Resource, TagKeys }) {
          removeTags(tagsOf(Resource), TagKeys);
          return {};
        },
      },
    ),
  };
}
