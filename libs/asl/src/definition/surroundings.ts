import type { Fields } from './fields.ts';
import type { Flow } from './state-machine.ts';

export type Language = 'JSONPath' | 'JSONata';

/** What parsing a state needs to know about the definition around it. */
export interface Surroundings {
  readonly language: Language;
  readonly machineLanguage: Language;
  readonly express: boolean;
  /** The names of all states read so far. A name must be unique in the whole machine. */
  readonly names: Set<string>;
  /** Whether the state is inside a branch of a Parallel or the processor of a Map. */
  readonly nested: boolean;
  /** Reads the branches of a Parallel and the processor of a Map. */
  readonly parseFlow: (fields: Fields, around: Surroundings) => Flow | undefined;
}

/** Reads QueryLanguage. A misspelled one is noted and taken for JSONata. */
export function readLanguage(fields: Fields, otherwise: Language): Language {
  if (!fields.has('QueryLanguage')) return otherwise;
  return fields.oneOf('QueryLanguage', ['JSONPath', 'JSONata']) ?? 'JSONata';
}
