import type { Json } from '../protocol.ts';
import type { Diagnostic } from './diagnostic.ts';

type JsonObject = { readonly [name: string]: Json };

/** Reads the members of one object of a definition, and notes what is wrong with them. Reading goes on after a finding. */
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

  /** Notes an error at the member, or at the object itself without a name. */
  fail(message: string, name?: string, code = 'SCHEMA_VALIDATION_FAILED'): void {
    this.#diagnostics.push({ severity: 'ERROR', code, message, location: this.#at(name) });
  }

  warn(code: string, message: string, name: string): void {
    this.#diagnostics.push({ severity: 'WARNING', code, message, location: this.#at(name) });
  }

  string(name: string): string | undefined {
    return this.#typed(name, 'String', (value) => typeof value === 'string') as string | undefined;
  }

  boolean(name: string): boolean | undefined {
    return this.#typed(name, 'Boolean', (value) => typeof value === 'boolean') as boolean | undefined;
  }

  number(name: string, least = -Infinity, most = Infinity): number | undefined {
    const value = this.#typed(name, 'Number', (given) => typeof given === 'number') as number | undefined;
    if (value === undefined) return undefined;
    if (value < least) this.fail(`Expected value to be greater than or equal to ${least}`, name);
    else if (value > most) this.fail(`Expected value to be less than or equal to ${most}`, name);
    return value;
  }

  integer(name: string, least = -Infinity, most = Infinity): number | undefined {
    const value = this.number(name, least, most);
    if (value !== undefined && !Number.isInteger(value)) this.fail('Expected value of type Integer', name);
    return value;
  }

  /** The fields of an object member. */
  object(name: string): Fields | undefined {
    const value = this.#typed(name, 'Object', isObject) as JsonObject | undefined;
    return value && new Fields(value, this.#at(name), this.#diagnostics);
  }

  /** The fields of every object of an array member; what is no object is noted and left out. */
  objects(name: string): Fields[] {
    const items = this.#typed(name, 'Array', Array.isArray) as Json[] | undefined;
    return (items ?? []).flatMap((item, index) => {
      const location = `${this.#at(name)}[${index}]`;
      if (isObject(item)) return [new Fields(item as JsonObject, location, this.#diagnostics)];
      this.fail('Expected value of type Object', `${name}[${index}]`);
      return [];
    });
  }

  strings(name: string): string[] | undefined {
    const items = this.#typed(name, 'Array', Array.isArray) as Json[] | undefined;
    if (items && !items.every((item) => typeof item === 'string'))
      this.fail('Expected value of type String', `${name}[0]`);
    return items?.filter((item) => typeof item === 'string');
  }

  /** Reads a member with a function that throws what is wrong with it. */
  parse<T>(name: string, read: (value: Json) => T, message: (error: Error) => string): T | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    try {
      return read(value);
    } catch (error) {
      this.fail(message(error as Error), name);
      return undefined;
    }
  }

  require(...names: string[]): void {
    for (const name of names) {
      if (!this.has(name)) this.fail(`The field '${name}' is required but was missing`);
    }
  }

  #typed(name: string, type: string, is: (value: Json) => boolean): Json | undefined {
    const value = this.get(name);
    if (value === undefined || is(value)) return value;
    this.fail(`Expected value of type ${type}`, name);
    return undefined;
  }

  #at(name: string | undefined): string {
    return name === undefined ? this.location : `${this.location}/${name}`;
  }
}

const isObject = (value: Json): boolean => value !== null && typeof value === 'object' && !Array.isArray(value);
