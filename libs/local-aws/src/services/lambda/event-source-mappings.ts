import type { JsonObject, World } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { arnOf } from '../../kit/arn.ts';
import { optional, required, text } from '../../kit/reader.ts';
import { addTags, tagMap, type Tags } from '../../kit/tags.ts';
import {
  checkQueue,
  configureMapping,
  mappingShape,
  settingsMembers,
  type Mapping,
  type Settings,
} from './event-source-mapping.ts';
import { userError } from './function.ts';
import { listOf, pageMembers, type FunctionStore } from './function-store.ts';
import { createMappingPump, pollerOf, type MappingPump, type QueueSignals } from './mapping-pump.ts';
import { functionReference } from './reference.ts';

/** The mappings of the account, by their ids: messages become batches for a function, and are deleted when it is done with them. */
export class EventSourceMappings {
  readonly world: World;
  readonly functions: FunctionStore;
  readonly #all = new Map<string, Mapping>();
  readonly #pump: MappingPump;

  constructor(world: World, functions: FunctionStore, queues: QueueSignals) {
    this.world = world;
    this.functions = functions;
    this.#pump = createMappingPump(world, functions, queues);
  }

  /** @throws {AwsError} InvalidParameterValueException */
  async create(queueArn: string, settings: Settings, tags: Tags): Promise<Mapping> {
    const { latest } = this.functions.find(settings.reference.name);
    const poller = pollerOf(this.world, this.functions, { settings });
    const queueUrl = await checkQueue(this.world, poller, queueArn, latest.configuration.Timeout);
    return this.#start({ uuid: this.world.uuid(), queueArn, queueUrl, settings, tags });
  }

  update(before: Mapping, settings: Settings): Mapping {
    this.#pump.halt(before);
    return this.#start({ ...before, settings });
  }

  delete(mapping: Mapping): void {
    this.#pump.halt(mapping);
    this.#all.delete(mapping.uuid);
  }

  /** @throws {AwsError} ResourceNotFoundException */
  find(uuid: string): Mapping {
    const mapping = this.#all.get(uuid);
    if (mapping !== undefined) return mapping;
    throw userError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
  }

  /** Of a queue, of a function, or both. */
  list(queueArn: string | undefined, functionName: string | undefined): Mapping[] {
    return [...this.#all.values()].filter(
      (mapping) =>
        (queueArn === undefined || mapping.queueArn === queueArn) &&
        (functionName === undefined || mapping.settings.reference.name === functionName),
    );
  }

  close(): void {
    for (const mapping of this.#all.values()) this.#pump.halt(mapping);
  }

  #start(parts: Pick<Mapping, 'uuid' | 'queueArn' | 'queueUrl' | 'settings' | 'tags'>): Mapping {
    const lastModified = this.world.clock.now();
    const mapping: Mapping = { ...parts, lastModified, running: 0, window: undefined, stop: undefined };
    this.#all.set(mapping.uuid, mapping);
    if (mapping.settings.enabled) this.#pump.start(mapping);
    return mapping;
  }
}

const uuidMember = { UUID: required(text()) };

/** The actions on event source mappings of SQS queues. */
export function eventSourceMappingActions(mappings: EventSourceMappings): Record<string, UnboundAction> {
  const evidence = 'documented';
  const { world, functions } = mappings;
  const show = (mapping: Mapping): JsonObject => mappingShape(world, mapping);
  return {
    CreateEventSourceMapping: action(
      { ...settingsMembers, EventSourceArn: required(text()), Tags: tagMap },
      {
        evidence,
        async run({ EventSourceArn, Tags, ...given }) {
          const settings = configureMapping(functions, given, isFifo(EventSourceArn));
          const mapping = await mappings.create(EventSourceArn, settings, addTags(new Map(), Tags));
          return { ...show(mapping), State: settings.enabled ? 'Creating' : 'Disabled' };
        },
      },
    ),

    GetEventSourceMapping: action(uuidMember, {
      resources: ({ UUID }, caller) => [arnOf(caller, 'lambda', `event-source-mapping:${UUID}`)],
      evidence,
      run: ({ UUID }) => show(mappings.find(UUID)),
    }),

    ListEventSourceMappings: action(
      { ...pageMembers, EventSourceArn: optional(text()), FunctionName: optional(functionReference) },
      {
        evidence,
        run({ EventSourceArn, FunctionName, ...request }) {
          const { items, rest } = listOf(mappings.list(EventSourceArn, FunctionName?.name), request, 100);
          return { EventSourceMappings: items.map(show), ...rest };
        },
      },
    ),

    UpdateEventSourceMapping: action(
      { ...uuidMember, ...settingsMembers },
      {
        resources: ({ UUID }, caller) => [arnOf(caller, 'lambda', `event-source-mapping:${UUID}`)],
        evidence,
        run({ UUID, ...given }) {
          const before = mappings.find(UUID);
          const settings = configureMapping(functions, given, isFifo(before.queueArn), before.settings);
          return show(mappings.update(before, settings));
        },
      },
    ),

    DeleteEventSourceMapping: action(uuidMember, {
      resources: ({ UUID }, caller) => [arnOf(caller, 'lambda', `event-source-mapping:${UUID}`)],
      evidence,
      run({ UUID }) {
        const mapping = mappings.find(UUID);
        mappings.delete(mapping);
        return { ...show(mapping), State: 'Deleting' };
      },
    }),
  };
}

const isFifo = (queueArn: string): boolean => queueArn.endsWith('.fifo');
