import type { Fields } from './fields.ts';

export type Language = 'JSONPath' | 'JSONata';

/** Anything but the exact `JSONPath` means JSONata, misspellings included, which are noted. */
export function readLanguage(fields: Fields, otherwise: Language): Language {
  if (!fields.has('QueryLanguage')) return otherwise;
  return fields.oneOf('QueryLanguage', ['JSONPath', 'JSONata']) ?? 'JSONata';
}
