/** Inputs as nobody should send them: what is right, changed at one place or several, and what is no such thing at all. */
import * as fc from 'fast-check';
import { deepJson, tokenText } from './samples.ts';

/** How often a property of malformed inputs is tried: some hundred times in each test run, `BATON_MALFORMED_RUNS` at night. */
export const malformedRuns = (usual: number): { readonly numRuns: number; readonly seed: number } => ({
  numRuns: Number(process.env['BATON_MALFORMED_RUNS'] ?? usual),
  seed: Number(process.env['BATON_MALFORMED_SEED'] ?? 20_260_301),
});

/** A value that does not belong where it stands. Deep ones are of more levels than can be written. */
const strange: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e308, '', ' ', '\0', '\ud800', 'x y '.repeat(200), [], {}, [[]]),
  fc.constantFrom<unknown>(
    '__proto__',
    'constructor',
    '$$.Task.Token',
    '{{ ssm:x }}',
    '<script>',
    '../..',
    'Baton.JobFailed',
  ),
  fc.constantFrom<unknown>(tokenText('first'), [tokenText('first')], { [tokenText('first')]: tokenText('first') }),
  fc.constantFrom(100, 5_000).map((levels) => JSON.parse(deepJson(levels)) as unknown),
  fc.jsonValue({ maxDepth: 3 }),
);

type Step = { readonly at: number; readonly what: 'replace' | 'remove' | 'rename' | 'add'; readonly value: unknown };

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    at: fc.nat(),
    what: fc.constantFrom('replace', 'remove', 'rename', 'add'),
    value: strange,
  }),
  { minLength: 1, maxLength: 3 },
);

/** The samples, each changed by one to three steps at any depth; now and then something strange instead. */
export const malformed = (...samples: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc.tuple(fc.constantFrom(...samples), steps).map(([sample, all]) => all.reduce(change, sample)),
    },
    { weight: 1, arbitrary: strange },
  );

/** The same as JSON text, which may be cut, doubled, or no JSON at all. */
export const malformedText = (...samples: readonly unknown[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: malformed(...samples).map(textOf) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom(...samples), fc.nat(), fc.string({ maxLength: 3 }))
        .map(([sample, at, put]) => spliced(textOf(sample), at, put)),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 100 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '',
        'null',
        '{}',
        deepJson(5_000),
        `{"callbackId":${deepJson(9_000)}`,
        tokenText('first'),
      ),
    },
  );

const spliced = (text: string, at: number, put: string): string =>
  text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + 1);

/** JSON.stringify has no way to write what is too deep. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return deepJson(5_000);
  }
}

/** Changes a copy at one of its places, counted from the outside. */
function change(whole: unknown, { at, what, value }: Step): unknown {
  const places = placesIn(whole);
  const path = places[at % places.length] ?? [];
  return changed(whole, path, what, value);
}

type Path = readonly string[];

function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null || path.length > 6) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => placesIn(inner, [...path, name]))];
}

function changed(whole: unknown, [name, ...rest]: Path, what: Step['what'], value: unknown): unknown {
  if (name === undefined) return what === 'add' && isObject(whole) ? { ...whole, [keyOf(value)]: value } : value;
  if (Array.isArray(whole)) {
    const list: readonly unknown[] = whole;
    return list.map((inner, index) => (String(index) === name ? changed(inner, rest, what, value) : inner));
  }
  const members = Object.entries(Object(whole) as object).flatMap(([key, inner]): [string, unknown][] => {
    if (key !== name) return [[key, inner]];
    if (rest.length > 0 || what === 'replace' || what === 'add') return [[key, changed(inner, rest, what, value)]];
    return what === 'remove' ? [] : [[keyOf(value), inner]];
  });
  return Object.fromEntries(members);
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const keyOf = (value: unknown): string => (typeof value === 'string' ? value : 'added');

/** Task tokens are runs of 640 characters and more; the sample's begins so. */
const TOKEN = /[A-Za-z0-9+/=]{300}|AQCEAAAAKgAAAAMAAAAA/;

/** Returns whether a text holds a task token, whole or in part. */
export const holdsToken = (text: string): boolean => TOKEN.test(text);
