import { AwsError } from '../../kernel/aws-error.ts';
import type { Millis } from '../../kernel/clock/clock.ts';
import type { JsonObject, Place, World } from '../../kernel/service.ts';
import { arnOf } from '../../kit/arn.ts';
import type { Tags } from '../../kit/tags.ts';

export interface Alarm {
  readonly name: string;
  /** The members of the request that made it, in the spelling that they are shown in. */
  readonly configuration: JsonObject;
  readonly createdAt: Millis;
  readonly updatedAt: Millis;
  readonly tags: Tags;
}

export const alarmArn = (place: Place, name: string): string => arnOf(place, 'cloudwatch', `alarm:${name}`);

/** The metric alarms of the account, by name. */
export class AlarmStore {
  readonly world: World;
  readonly #alarms = new Map<string, Alarm>();

  constructor(world: World) {
    this.world = world;
  }

  /** The tags of an alarm that is there already stay as they are. [documented: CloudWatch API Reference, "PutMetricAlarm"] */
  put(name: string, configuration: JsonObject, tags: Tags): void {
    const before = this.#alarms.get(name);
    const updatedAt = this.world.clock.now();
    this.#alarms.set(name, {
      name,
      configuration,
      createdAt: before?.createdAt ?? updatedAt,
      updatedAt,
      tags: before?.tags ?? tags,
    });
  }

  get(name: string): Alarm | undefined {
    return this.#alarms.get(name);
  }

  delete(names: readonly string[]): void {
    for (const name of names) this.#alarms.delete(name);
  }

  /** In the order of their names. */
  all(): Alarm[] {
    return [...this.#alarms.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @throws {AwsError} ResourceNotFoundException */
  findByArn(arn: string): Alarm {
    const alarm = this.all().find(({ name }) => alarmArn(this.world, name) === arn);
    if (alarm !== undefined) return alarm;
    throw new AwsError('ResourceNotFoundException', `Unable to find the resource ${arn}`, 404);
  }
}
