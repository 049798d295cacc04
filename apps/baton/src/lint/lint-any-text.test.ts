/** Whatever a file holds, lint answers with findings at places of the file or with problems, and never throws. */
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { lintBytes, lintText } from './lint-text.ts';
import { type HclParser, loadHclParser } from './read/hcl-parser.ts';

const examples = new URL('../../../../examples/', import.meta.url);
const workflows = readdirSync(examples, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('workflow.asl.json') && !path.includes('node_modules'))
  .map((path) => readFileSync(new URL(path, examples), 'utf8'));
const distributed = JSON.stringify({
  QueryLanguage: 'JSONata',
  StartAt: 'Each',
  States: {
    Each: {
      Type: 'Map',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
        StartAt: 'Wait',
        States: {
          Wait: {
            Type: 'Task',
            Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
            Arguments: { MessageBody: '{% $states.context.Task.Token %}' },
            TimeoutSeconds: '{% $states.input.limit %}',
            Output: '{% $states.result %}',
            Assign: { done: true },
            End: true,
          },
        },
      },
      End: true,
    },
  },
});
const forms = new URL('../../test/forms/', import.meta.url);
const declared = readdirSync(forms, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(?:tf|ya?ml|json)$/.test(path))
  .map((path) => readFileSync(new URL(path, forms), 'utf8'));
const definitions = [...workflows, distributed, ...declared];

const tokensOf = (text: string): readonly string[] => text.split(/(?<=[\s{}[\],:"])/);
const pieces = fc.constantFrom(
  ...new Set(definitions.flatMap(tokensOf)),
  ...[
    '${',
    '}',
    '!Sub ',
    '!Ref [',
    '&a ',
    '*a',
    '<<: *a',
    '- ',
    '|\n',
    '>-\n  ',
    '<<-EOF\n',
    'EOF\n',
    '\n  ',
    '\t',
    '"\\u00',
    "'",
    '%{ if a }',
    '%{ endif }',
    '"',
    'null',
    '[',
    '{}',
    '0',
    '"States": ',
    '$$',
    '{% $states %}',
    '\u0000',
  ],
);
const files = fc.constantFrom('a.asl.json', 'a.json', 'a.yaml', 'a.asl.yml', 'main.tf');

let hcl: HclParser;
beforeAll(async () => {
  hcl = await loadHclParser();
});

const read = (file: string, text: string): void => {
  const { findings, problems } = lintText({ file, text }, { hcl });
  for (const { start, end } of findings) {
    expect(Math.min(start.line, start.column, end.line, end.column)).toBeGreaterThan(0);
    expect(end.line > start.line || end.column >= start.column).toBe(true);
  }
  expect(problems.every(({ message }) => message.startsWith(file))).toBe(true);
};

it('has the definitions of all examples to change', () => expect(workflows.length).toBeGreaterThanOrEqual(8));

it('any bytes', () =>
  fc.assert(
    fc.property(files, fc.uint8Array(), (file, bytes) => {
      const { findings, problems } = lintBytes({ file }, bytes);
      expect(findings.length + problems.length).toBeGreaterThan(0);
    }),
  ));
it('any text', () => fc.assert(fc.property(files, fc.string({ unit: 'binary' }), read)));
it('any JSON', () => fc.assert(fc.property(files, fc.json(), read)));
it('pieces of definitions', () => {
  const joined = fc.array(pieces).map((parts) => parts.join(''));
  fc.assert(fc.property(files, joined, read));
});

it('a definition with a piece exchanged', () => {
  const mutated = fc
    .tuple(fc.constantFrom(...definitions), fc.nat(), fc.nat(3), pieces)
    .map(([definition, at, length, piece]) => {
      const tokens = tokensOf(definition);
      return tokens.toSpliced(at % tokens.length, length, piece).join('');
    });
  fc.assert(fc.property(files, mutated, read), { numRuns: 1_000 });
});

const names =
  'Arguments Assign Catch Comment ErrorEquals ItemProcessor Next Output Parameters Payload QueryLanguage Resource Retry StartAt States TimeoutSeconds Type kind work';
const values = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('Map', 'Parallel', 'JSONata', '$', '$$', '{% $states %}', [{}], [[null]], { States: [] }),
);
const exchanged = fc
  .tuple(
    fc.constantFrom(
      ...[...workflows, distributed].map((text): unknown => JSON.parse(text.replaceAll(/\$\{\w+\}(?=[,\s])/g, '60'))),
    ),
    fc.dictionary(fc.constantFrom(...names.split(' ')), values, { minKeys: 1, maxKeys: 4 }),
  )
  .map(([definition, by]) => exchange(definition, by));

it('a definition with a value exchanged for any other', () =>
  fc.assert(
    fc.property(files, exchanged, (file, definition) => read(file, JSON.stringify(definition))),
    { numRuns: 1_000 },
  ));

it('a plan with such a definition, and with anything beside it', () => {
  const machine = fc.record({ type: values, definition: exchanged, logging_configuration: values });
  fc.assert(
    fc.property(machine, values, ({ definition, ...machine }, resource) => {
      const values = { ...machine, definition: JSON.stringify(definition) };
      const resources = [{ address: 'a', type: 'aws_sfn_state_machine', values }, resource];
      const plan = { format_version: '1.2', planned_values: { root_module: { resources, child_modules: resource } } };
      read('a.json', JSON.stringify(plan));
    }),
    { numRuns: 500 },
  );
});

/** The value with every member of a name replaced, once. */
function exchange(value: unknown, by: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(value)) return value.map((item) => exchange(item, by));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]: [string, unknown]) => [
    name,
    Object.hasOwn(by, name) ? by[name] : exchange(inner, by),
  ]);
  return Object.fromEntries(entries) as unknown;
}
