import { DefinitionProblem, type Note } from '../data/definition-problem.ts';
import type { Json } from '../protocol.ts';

/** A problem in a definition, in the shape of ValidateStateMachineDefinition. */
export interface Diagnostic {
  readonly severity: 'ERROR' | 'WARNING';
  readonly code: string;
  readonly message: string;
  /** A path into the definition, e.g. `/States/Wait/Timestamp`; empty when the problem concerns the whole definition. */
  readonly location: string;
}

/** The largest integer of a definition: of fields in seconds and of MaxAttempts (documented: Amazon States Language). */
export const MAX_INTEGER = 99_999_999;

type JsonObject = { readonly [name: string]: Json };

/**
 * Reads the members of one object of a definition and notes what is wrong with them. Methods that read return undefined for a
 * member that is absent or invalid, so that parsing continues and finds the next problem.
 */
export class Fields {
  readonly json: JsonObject;
  readonly location: string;
  readonly #diagnostics: Diagnostic[];

  constructor(json: JsonObject, location: string, diagnostics: Diagnostic[]) {
    this.json = json;
    this.location = location;
    this.#diagnostics = diagnostics;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.json, name);
  }

  get(name: string): Json | undefined {
    return this.has(name) ? this.json[name] : undefined;
  }

  names(): readonly string[] {
    return Object.keys(this.json);
  }

  /** Notes an error at the member `name`, or at the object itself. */
  fail(message: string, name?: string, code = 'SCHEMA_VALIDATION_FAILED'): void {
    this.#diagnostics.push({ severity: 'ERROR', code, message, location: this.#at(name) });
  }

  /** Notes an error that concerns the whole definition. */
  failAsWhole(code: string, message: string): void {
    this.#diagnostics.push({ severity: 'ERROR', code, message, location: '' });
  }

  warn(code: string, message: string, name: string): void {
    this.#diagnostics.push({ severity: 'WARNING', code, message, location: this.#at(name) });
  }

  string(name: string): string | undefined {
    return this.#typed(name, '[STRING]', (value) => typeof value === 'string') as string | undefined;
  }

  boolean(name: string): boolean | undefined {
    return this.#typed(name, '[BOOLEAN]', (value) => typeof value === 'boolean') as boolean | undefined;
  }

  number(name: string, min = -Infinity, max = Infinity): number | undefined {
    const value = this.#typed(name, '[NUMBER]', (given) => typeof given === 'number') as number | undefined;
    return this.#inRange(name, value, min, max);
  }

  integer(name: string, min = -Infinity, max = Infinity): number | undefined {
    const value = this.#typed(name, 'Integer', Number.isInteger) as number | undefined;
    return this.#inRange(name, value, min, max);
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.string(name);
    const found = allowed.find((each) => each === value);
    if (value !== undefined && found === undefined) {
      this.fail(`Value should be one of the following: [${allowed.join(', ')}]`, name);
    }
    return found;
  }

  /** Reads a member that is an object. */
  object(name: string): Fields | undefined {
    const value = this.#typed(name, '[OBJECT]', isObject) as JsonObject | undefined;
    return value && new Fields(value, this.#at(name), this.#diagnostics);
  }

  /** Reads a member that is an array of objects. Other elements are noted and left out. */
  objects(name: string): Fields[] {
    const items = this.#typed(name, '[ARRAY]', Array.isArray) as Json[] | undefined;
    return (items ?? []).flatMap((item, index) => {
      const place = `${name}[${index}]`;
      if (isObject(item)) return [new Fields(item as JsonObject, this.#at(place), this.#diagnostics)];
      this.fail('Expected value of type [OBJECT]', place);
      return [];
    });
  }

  strings(name: string): string[] | undefined {
    const items = this.#typed(name, '[ARRAY]', Array.isArray) as Json[] | undefined;
    for (const [index, item] of (items ?? []).entries()) {
      if (typeof item !== 'string') this.fail('Expected value of type [STRING]', `${name}[${index}]`);
    }
    return items?.filter((item) => typeof item === 'string');
  }

  /** Reads a member with a function that notes a DefinitionProblem or throws one. */
  parse<T>(name: string, read: (value: Json, note: Note) => T): T | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    const note: Note = ({ message, place, code }) => this.fail(message, `${name}${place}`, code);
    try {
      return read(value, note);
    } catch (error) {
      if (!(error instanceof DefinitionProblem)) throw error;
      note(error);
      return undefined;
    }
  }

  /** Notes an error when the object lacks any of the members. */
  require(...names: string[]): void {
    const missing = names.filter((name) => !this.has(name));
    if (missing.length > 0) this.fail(`These fields are required: [${missing.join(', ')}]`);
  }

  /** Notes an error unless the object has exactly one of the members. */
  requireOne(...names: string[]): void {
    const given = names.filter((name) => this.has(name));
    if (given.length === 0)
      this.fail(`This object should have only one of the following fields: [${names.join(', ')}]`);
    this.allowOne(...names);
  }

  /** Notes an error when the object has more than one of the members. */
  allowOne(...names: string[]): void {
    const given = names.filter((name) => this.has(name));
    if (given.length > 1) this.fail(`There should only be one of the following fields: [${names.join(', ')}]`);
  }

  /** Notes an error for each of the members that the object has. */
  refuse(names: readonly string[]): void {
    for (const name of names) if (this.has(name)) this.fail(`Field '${name}' is not supported`);
  }

  #typed(name: string, type: string, is: (value: Json) => boolean): Json | undefined {
    const value = this.get(name);
    if (value === undefined || is(value)) return value;
    this.fail(`Expected value of type ${type}`, name);
    return undefined;
  }

  #inRange(name: string, value: number | undefined, min: number, max: number): number | undefined {
    if (value === undefined) return undefined;
    if (value < min) this.fail(`Minimum value is ${min}`, name);
    if (value > max) this.fail(`Maximum value is ${max}`, name);
    return value;
  }

  #at(name: string | undefined): string {
    return name === undefined ? this.location || '/' : `${this.location}/${name}`;
  }
}

const isObject = (value: Json): boolean => value !== null && typeof value === 'object' && !Array.isArray(value);
