import type { Expiry } from './expiry.ts';
import { noResource } from './refusals.ts';
import type { TableItems } from './table-items.ts';
import type { TableSettings } from './table-settings.ts';

/** A table: its settings, as the actions on tables change them, and its items. */
export interface Table {
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  /** Epoch seconds. */
  readonly createdAt: number;
  readonly items: TableItems;
  readonly tags: Map<string, string>;
  settings: TableSettings;
  readonly expiry: Expiry;
  /** The attribute with the time at which an item expires. */
  timeToLiveAttribute: string | undefined;
  /** Stored only: there are no backups. */
  pointInTimeRecovery: boolean;
  /** How many items there were, which AWS counts every six hours. */
  counted: { readonly at: number; readonly items: number; readonly bytes: number };
}

export interface Tables {
  find(name: string): Table | undefined;
  /** @throws {AwsError} ResourceNotFoundException in the words of the actions on items, which name no table */
  forItems(name: string): Table;
  /** @throws {AwsError} ResourceNotFoundException in the words of the actions on tables */
  get(name: string): Table;
  /** In the order of their names. */
  names(): string[];
  add(table: Table): void;
  remove(name: string): void;
}

export function createTables(): Tables {
  const tables = new Map<string, Table>();
  return {
    find: (name) => tables.get(name),
    forItems(name) {
      const table = tables.get(name);
      if (table === undefined) throw noResource();
      return table;
    },
    get(name) {
      const table = tables.get(name);
      if (table === undefined) throw noResource(name);
      return table;
    },
    names: () => [...tables.keys()].sort(),
    add: (table) => void tables.set(table.name, table),
    remove(name) {
      tables.get(name)?.expiry.close();
      tables.delete(name);
    },
  };
}
