import type { LegacyAction as Action } from '../../kit/legacy.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject, World } from '../../kernel/service.ts';
import type { Rule } from './rule.ts';
import { addTags, type Tags } from './tag-actions.ts';

export interface Bus {
  readonly name: string;
  readonly arn: string;
  readonly rules: Map<string, Rule>;
  readonly tags: Tags;
}

export interface Buses {
  readonly actions: Readonly<Record<string, Action>>;
  /** By name or ARN; the default bus where none is named. @throws {AwsError} ResourceNotFoundException */
  find(nameOrArn: unknown): Bus;
}

export function createBuses(world: World): Buses {
  const buses = new Map<string, Bus>();
  const add = (name: string): Bus => {
    const arn = `arn:aws:events:${world.region}:${world.accountId}:event-bus/${name}`;
    const bus: Bus = { name, arn, rules: new Map(), tags: new Map() };
    buses.set(name, bus);
    return bus;
  };
  const find: Buses['find'] = (nameOrArn = 'default') => {
    const name = String(nameOrArn).replace(/^arn:aws:events:[^:]*:\d*:event-bus\//, '');
    const bus = buses.get(name);
    if (bus !== undefined) return bus;
    throw new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`);
  };
  add('default');

  return {
    find,
    actions: {
      CreateEventBus({ Name, Tags: tags }) {
        if (typeof Name !== 'string' || !/^[.\-_A-Za-z0-9]{1,256}$/.test(Name)) {
          const rule = 'Member must satisfy regular expression pattern: [/\\.\\-_A-Za-z0-9]+';
          throw new AwsError(
            'ValidationException',
            `Value '${String(Name)}' at 'name' failed to satisfy constraint: ${rule}`,
          );
        }
        if (buses.has(Name)) throw new AwsError('ResourceAlreadyExistsException', `Event bus ${Name} already exists.`);
        const bus = add(Name);
        addTags(bus.tags, tags);
        return { EventBusArn: bus.arn };
      },
      DeleteEventBus({ Name }) {
        if (Name === 'default') throw new AwsError('ValidationException', 'Cannot delete event bus default.');
        const bus = buses.get(String(Name));
        if (bus !== undefined && bus.rules.size > 0) {
          throw new AwsError('ValidationException', `Event bus ${bus.name} has rules: delete them first.`);
        }
        buses.delete(String(Name));
        return {};
      },
      DescribeEventBus: ({ Name }) => describe(find(Name)),
      ListEventBuses: ({ NamePrefix = '' }) => ({
        EventBuses: [...buses.values()].filter(({ name }) => name.startsWith(String(NamePrefix))).map(describe),
      }),
    },
  };
}

const describe = ({ name, arn }: Bus): JsonObject => ({ Name: name, Arn: arn });
