import type { Fields } from './fields.ts';
import type { Flow } from './state-machine.ts';

export type Language = 'JSONPath' | 'JSONata';

/** What a state needs to know of the definition around it. */
export interface Surroundings {
  readonly language: Language;
  readonly machineLanguage: Language;
  readonly express: boolean;
  /** Every state name read so far: names are unique in the whole machine. */
  readonly names: Set<string>;
  /** Inside a branch or an item processor. */
  readonly nested: boolean;
  /** Reads the branches of a Parallel and the processor of a Map. */
  readonly parseFlow: (fields: Fields, around: Surroundings) => Flow | undefined;
}

/** Anything but the exact `JSONPath` means JSONata, misspellings included, which are noted. */
export function readLanguage(fields: Fields, otherwise: Language): Language {
  if (!fields.has('QueryLanguage')) return otherwise;
  return fields.oneOf('QueryLanguage', ['JSONPath', 'JSONata']) ?? 'JSONata';
}
