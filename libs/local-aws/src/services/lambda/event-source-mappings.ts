import type { LegacyAction as Action } from '../../kit/legacy.ts';
import type { JsonObject, World } from '../../kernel/service.ts';
import type { Sqs } from '../sqs/sqs.ts';
import { checkQueue, parseSettings, showMapping, type Mapping } from './event-source-mapping.ts';
import { parseReference, userError } from './function.ts';
import type { FunctionStore } from './functions.ts';
import { createMappingPump, pollerOf } from './mapping-pump.ts';

/** Event source mappings of SQS queues: messages become batches for a function, and are deleted where it is done with them. */
export function createEventSourceMappings(
  world: World,
  functions: FunctionStore,
  sqs: Pick<Sqs, 'onAvailable'>,
): { actions: Record<string, Action>; close(): void } {
  const pump = createMappingPump(world, functions, sqs);
  const mappings = new Map<string, Mapping>();
  const put = (mapping: Mapping): void => {
    mappings.set(mapping.uuid, mapping);
    if (mapping.settings.enabled) pump.start(mapping);
  };
  const find = (input: JsonObject): Mapping => {
    const mapping = mappings.get(String(input['UUID']));
    if (mapping !== undefined) return mapping;
    throw userError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
  };

  return {
    close() {
      for (const mapping of mappings.values()) pump.halt(mapping);
    },
    actions: {
      async CreateEventSourceMapping(input) {
        const queueArn = String(input['EventSourceArn']);
        const settings = parseSettings(functions, input, queueArn.endsWith('.fifo'));
        const queueUrl = await checkQueue(
          world,
          pollerOf(world, functions, { settings }),
          queueArn,
          functions.find(settings.reference.name).latest.configuration.Timeout,
        );
        const mapping: Mapping = {
          uuid: world.uuid(),
          queueArn,
          queueUrl,
          settings,
          lastModified: world.clock.now() / 1000,
          running: 0,
          window: undefined,
          stop: undefined,
        };
        put(mapping);
        return { ...showMapping(mapping), State: settings.enabled ? 'Creating' : 'Disabled' };
      },
      GetEventSourceMapping: (input) => showMapping(find(input)),
      ListEventSourceMappings(input) {
        const { EventSourceArn, FunctionName } = input;
        const name = FunctionName === undefined ? undefined : parseReference(FunctionName).name;
        const matching = [...mappings.values()].filter(
          (mapping) =>
            (EventSourceArn === undefined || mapping.queueArn === EventSourceArn) &&
            (name === undefined || mapping.settings.reference.name === name),
        );
        return { EventSourceMappings: matching.map(showMapping) };
      },
      UpdateEventSourceMapping(input) {
        const before = find(input);
        const settings = parseSettings(functions, input, before.queueArn.endsWith('.fifo'), before.settings);
        pump.halt(before);
        const mapping = {
          ...before,
          settings,
          lastModified: world.clock.now() / 1000,
          running: 0,
          window: undefined,
          stop: undefined,
        };
        put(mapping);
        return showMapping(mapping);
      },
      DeleteEventSourceMapping(input) {
        const mapping = find(input);
        pump.halt(mapping);
        mappings.delete(mapping.uuid);
        return { ...showMapping(mapping), State: 'Deleting' };
      },
    },
  };
}
