import { memoryTable, type MemoryTable } from './memory-table.ts';

/** A crash at a write, before or after it has happened. */
export interface Crash {
  /** As memoryTable names it, e.g. `replace Settling`. */
  readonly write: string;
  readonly moment: 'before' | 'after';
}

export interface CrashingTable {
  readonly table: MemoryTable;
  /** At the next such write, once. */
  readonly crashAt: (write: string, moment: Crash['moment']) => void;
  readonly disarm: () => void;
}

/** The table in memory, whose writes can be made to throw `crashed`. */
export function crashingTable(first?: Crash): CrashingTable {
  let armed = first;
  const table = memoryTable((write, perform) => {
    const moment = armed?.write === write ? armed.moment : undefined;
    if (moment !== undefined) armed = undefined;
    if (moment === 'before') throw new Error('crashed');
    perform();
    if (moment === 'after') throw new Error('crashed');
  });
  return {
    table,
    crashAt: (write, moment) => void (armed = { write, moment }),
    disarm: () => void (armed = undefined),
  };
}
