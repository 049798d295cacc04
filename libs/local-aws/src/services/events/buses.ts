import { AwsError } from '../../kernel/aws-error.ts';
import type { Place } from '../../kernel/service.ts';
import { arnOf, parseArn } from '../../kit/arn.ts';
import { pageOf } from '../../kit/page.ts';
import { integer, optional, text, withDefault } from '../../kit/reader.ts';
import type { Tags } from '../../kit/tags.ts';
import type { Rule } from './rule.ts';

export interface Bus {
  readonly name: string;
  readonly arn: string;
  readonly rules: Map<string, Rule>;
  readonly tags: Tags;
}

const DEFAULT = 'default';

/** `EventBusName` in a request: a name or an ARN. */
export const busName = withDefault(text({ min: 1, max: 1600 }), DEFAULT);

/** The buses of the account, with their rules. */
export class Buses {
  readonly #buses = new Map<string, Bus>();
  readonly #place: Place;
  readonly #changed: (arn: string, rule: Rule | undefined) => void;

  /** `changed` is called with each rule's new form, or without one when the rule is gone. */
  constructor(place: Place, changed: (arn: string, rule: Rule | undefined) => void) {
    this.#place = place;
    this.#changed = changed;
    this.add(DEFAULT);
  }

  add(name: string): Bus {
    const bus: Bus = { name, arn: busArn(this.#place, name), rules: new Map(), tags: new Map() };
    this.#buses.set(name, bus);
    return bus;
  }

  all(): Bus[] {
    return [...this.#buses.values()];
  }

  /** By name or ARN. */
  get(nameOrArn: string): Bus | undefined {
    return this.#buses.get(nameOfBus(nameOrArn));
  }

  /** By name or ARN. @throws {AwsError} ResourceNotFoundException */
  find(nameOrArn: string): Bus {
    const bus = this.get(nameOrArn);
    if (bus !== undefined) return bus;
    throw new AwsError('ResourceNotFoundException', `Event bus ${nameOfBus(nameOrArn)} does not exist.`);
  }

  /** @throws {AwsError} ValidationException for the default bus, and for one that has rules */
  delete(name: string): void {
    if (name === DEFAULT) throw new AwsError('ValidationException', 'Cannot delete event bus default.');
    if ((this.#buses.get(name)?.rules.size ?? 0) > 0) {
      throw new AwsError('ValidationException', `Event bus ${name} has rules: delete them first.`);
    }
    this.#buses.delete(name);
  }

  /** A rule of a bus. @throws {AwsError} ResourceNotFoundException */
  findRule(name: string, bus: string): Rule {
    const { rules, name: busName } = this.find(bus);
    const rule = rules.get(name);
    if (rule !== undefined) return rule;
    throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${busName}.`);
  }

  putRule(rule: Rule): void {
    this.find(rule.busName).rules.set(rule.name, rule);
    this.#changed(rule.arn, rule);
  }

  deleteRule({ name, busName, arn }: Rule): void {
    this.find(busName).rules.delete(name);
    this.#changed(arn, undefined);
  }
}

const nameOfBus = (nameOrArn: string): string =>
  (parseArn(nameOrArn)?.resource ?? nameOrArn).replace(/^event-bus\//, '');

/** The ARN of a bus that is given by name or ARN. */
export const busArn = (place: Place, nameOrArn: string): string =>
  parseArn(nameOrArn) === undefined ? arnOf(place, 'events', `event-bus/${nameOrArn}`) : nameOrArn;

/** The ARN of a rule; that of a rule on the default bus does not name the bus. */
export function ruleArn(place: Place, bus: string, name: string): string {
  const busName = nameOfBus(bus);
  return arnOf(parseArn(bus) ?? place, 'events', `rule/${busName === DEFAULT ? name : `${busName}/${name}`}`);
}

export const pageMembers = { Limit: optional(integer({ min: 1, max: 100 })), NextToken: optional(text({ min: 1 })) };

/** A hundred items at a time, or as many as `Limit` says, as every list of EventBridge. [documented: API Reference, "ListRules"] */
export function listOf<T>(
  items: readonly T[],
  { Limit: size, NextToken: token }: { readonly Limit: number | undefined; readonly NextToken: string | undefined },
): { readonly items: readonly T[]; readonly next: { readonly NextToken?: string } } {
  const refuse = () => new AwsError('ValidationException', 'Parameter NextToken is not valid.');
  const { items: page, next } = pageOf(items, { size, token }, { usual: 100, refuse });
  return { items: page, next: next === undefined ? {} : { NextToken: next } };
}
