import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lintText } from './lint-text.ts';

const example = (path: string): string =>
  readFileSync(new URL(`../../../../examples/${path}`, import.meta.url), 'utf8');
const workflow = example('ec2-job/workflow.asl.json');

/** What is found, as `state rule line:column`. */
const found = (text: string, file = 'a.asl.json'): readonly string[] =>
  lintText({ file, text }).findings.map(
    ({ state, rule, start }) => `${state ?? '-'} ${rule} ${start.line}:${start.column}`,
  );
const problems = (text: string, file = 'a.asl.json'): readonly string[] =>
  lintText({ file, text }).problems.map(({ exitCode, message }) => `${exitCode} ${message}`);

describe('the examples', () => {
  it('finds nothing in the way that the project goes', () => expect(found(workflow)).toEqual([]));

  it('shows the leak of the original way', () =>
    expect(found(example('ec2-job/original/workflow.asl.json'))).toEqual(['RunJob token-in-ssm 12:25']));
});

describe('templates', () => {
  it('compares template variables by their names', () => {
    const other = workflow.replace('"timeoutSeconds": ${timeout_seconds}', '"timeoutSeconds": ${ other_seconds }');
    expect(found(other)).toEqual(['RunJob work-limits-differ 23:31']);
    const spaced = workflow.replace('"timeoutSeconds": ${timeout_seconds}', '"timeoutSeconds": ${ timeout_seconds }');
    expect(found(spaced)).toEqual([]);
  });

  it('compares a variable with a number', () => {
    const number = workflow.replace('"heartbeatSeconds": ${heartbeat_seconds}', '"heartbeatSeconds": 15');
    expect(found(number)).toEqual(['RunJob work-limits-differ 24:33']);
  });

  it('takes one variable for both limits as what it is', () => {
    const same = workflow.replaceAll('heartbeat_seconds', 'timeout_seconds');
    expect(found(same)).toEqual(['RunJob heartbeat-not-shorter 29:27']);
  });

  it('does not hold a placeholder for a missing token', () => {
    const forgotten = workflow.replace('"taskToken.$": "$$.Task.Token"', '"taskToken": "${token}"');
    expect(found(forgotten)).toEqual(['RunJob token-not-passed 5:5']);
    expect(found(workflow.replace(/"Payload": \{[\s\S]*?\n {8}\}\n/, '"Payload": ${payload}\n'))).toEqual([]);
    expect(found(workflow.replace('"$$.Task.Token"', '"${token_path}"'))).toEqual([]);
  });

  it('does not guess where a templated workflow goes', () => {
    const states = '"A": { "Type": "Pass", "Next": "${next}" }, "B": { "Type": "Succeed" }, ${"more"}';
    expect(found(`{ "StartAt": "A", "States": { ${states.replace(', ${"more"}', ', "C": ${more}')} } }`)).toEqual([]);
    expect(found(`{ "StartAt": "A", "States": \${states} }`)).toEqual([]);
  });

  it('reads a text with a byte order mark', () => expect(found(`\uFEFF${workflow}`)).toEqual([]));
});

describe('where states stand', () => {
  const waiting = { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', End: true };
  const flow = { StartAt: 'Wait', States: { Wait: { ...waiting, Parameters: { 'MessageBody.$': '$$.Task.Token' } } } };
  const lint = (state: object): readonly string[] =>
    found(JSON.stringify({ StartAt: 'Outer', States: { Outer: { End: true, ...state } } })).map((line) =>
      line.replace(/ \d+:\d+$/, ''),
    );

  it('finds states in branches, item processors and iterators', () => {
    expect(lint({ Type: 'Parallel', Branches: [flow] })).toEqual(['Wait no-time-limit']);
    expect(lint({ Type: 'Map', ItemProcessor: flow })).toEqual(['Wait no-time-limit']);
    expect(lint({ Type: 'Map', Iterator: flow })).toEqual(['Wait no-time-limit']);
  });

  it('knows the kind of the executions of a distributed map', () => {
    const distributed = (ExecutionType: string): object => ({
      Type: 'Map',
      ItemProcessor: { ...flow, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType } },
    });
    expect(lint(distributed('EXPRESS'))).toEqual(['Wait no-time-limit', 'Wait callback-in-express']);
    expect(lint(distributed('STANDARD'))).toEqual(['Wait no-time-limit']);
  });

  it('takes a Catch around the state, or tolerated failures, for its own', () => {
    const step = { ...waiting, End: undefined, Next: 'Last', TimeoutSeconds: 9 };
    const last = { Last: { Type: 'Succeed' } };
    const inner = {
      StartAt: 'A',
      States: { A: { ...step, Parameters: { 'MessageBody.$': '$$.Task.Token' } }, ...last },
    };
    const outer = { Type: 'Map', ItemProcessor: inner };
    expect(lint(outer)).toEqual(['A timeout-not-caught']);
    expect(lint({ ...outer, Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Outer' }] })).toEqual([]);
    expect(lint({ ...outer, ToleratedFailurePercentage: 10 })).toEqual([]);
  });

  it('places a definition error in a state whose name is a path', () => {
    const text = JSON.stringify(
      { StartAt: 'A', States: { 'A/Catch[0]': { Type: 'Succeed' }, A: { Type: 'Pass', Next: 'B' } } },
      null,
      1,
    );
    expect(found(text)).toEqual(['A/Catch[0] definition 4:17', 'A definition 9:12']);
  });
});

describe('where a definition error stands', () => {
  it('is at the member that the message names', () => {
    const text = '{ "StartAt": "A", "States": {\n"A": { "Type": "Succeed", "Nxt": 1 } } }';
    expect(found(text)).toEqual(['A definition 2:34']);
    const path =
      '{ "StartAt": "A", "States": { "A": { "Type": "Pass", "End": true, "Parameters": {\n"b": { "c.$": "c" } } } } }';
    expect(found(path)).toEqual(['A definition 2:15']);
  });

  it('belongs to the innermost state', () => {
    const branch = { StartAt: 'B', States: { B: { Type: 'Succeed', Nxt: 1 } } };
    const text = JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Parallel', End: true, Branches: [branch] } } });
    expect(lintText({ file: 'a.asl.json', text }).findings.map(({ state }) => state)).toEqual(['B']);
  });

  it('is judged by the last of two members with one name, as Step Functions reads them', () => {
    const task = '"Type": "Task", "Resource": "arn:aws:states:eu-west-1:1:activity:a", "End": true, "TimeoutSeconds"';
    expect(found(`{ "StartAt": "A", "States": { "A": { ${task}: 9, "TimeoutSeconds": 99999999 } } }`)).toEqual([
      'A no-time-limit 1:31',
    ]);
  });
});

describe('bad input', () => {
  it.each([
    ['', '65 a.asl.json:1:1: not JSON: value expected'],
    ['{\n  "StartAt" "A"\n}', '65 a.asl.json:2:13: not JSON: colon expected'],
    ['{"a": 1,}', '65 a.asl.json:1:9: not JSON: property name expected'],
    ['{} // no', '65 a.asl.json:1:4: not JSON: invalid comment token'],
    ['Comment: YAML', '65 a.asl.json:1:1: not JSON: invalid symbol'],
    [
      'PK\u0003\u0004',
      '65 a.asl.json is a plan in Terraform\'s own form: give what "terraform show -json a.asl.json" prints',
    ],
    [`${'['.repeat(501)}`, '65 a.asl.json:1:501: not JSON: nested deeper than 500'],
  ])('%j', (text, message) => expect(problems(text)).toEqual([message]));

  it('takes another JSON file only for a definition or a plan', () => {
    expect(problems('{"name": "x"}', 'package.json')).toEqual([
      '65 package.json is neither a definition (no StartAt and States) nor what "terraform show -json" prints',
    ]);
    expect(found('{}')).toEqual(['- definition 1:1']);
  });
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

describe('never crashes', () => {
  const tokens = workflow.split(/(?<=[\s{}[\],:"])/);
  const pieces = fc.constantFrom(
    ...tokens,
    '${',
    '}',
    '"',
    'null',
    '[',
    '{}',
    '0',
    '"States": ',
    '$$',
    '{% $states %}',
    '\u0000',
  );
  const files = fc.constantFrom('a.asl.json', 'a.json');
  const read = (file: string, text: string): void => {
    const { findings, problems } = lintText({ file, text });
    for (const { start, end } of findings) {
      expect(Math.min(start.line, start.column, end.line, end.column)).toBeGreaterThan(0);
      expect(end.line > start.line || end.column >= start.column).toBe(true);
    }
    expect(problems.every(({ message }) => message.startsWith(file))).toBe(true);
  };

  it('on any text', () => fc.assert(fc.property(files, fc.string({ unit: 'binary' }), read)));
  it('on any JSON', () => fc.assert(fc.property(files, fc.json(), read)));
  it('on pieces of definitions', () =>
    fc.assert(
      fc.property(
        files,
        fc.array(pieces).map((parts) => parts.join('')),
        read,
      ),
    ));

  it('on a definition with a piece exchanged', () => {
    const mutated = fc
      .tuple(fc.nat(tokens.length - 1), fc.nat(3), pieces)
      .map(([at, length, piece]) => tokens.toSpliced(at, length, piece).join(''));
    fc.assert(fc.property(files, mutated, read), { numRuns: 500 });
  });

  it('on a definition with a value exchanged for any other', () => {
    const names = [
      'Resource',
      'Parameters',
      'Payload',
      'work',
      'kind',
      'Retry',
      'ErrorEquals',
      'TimeoutSeconds',
      'States',
      'Type',
      'Comment',
      'Next',
      'Catch',
      'QueryLanguage',
    ];
    const values = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('Map', 'Parallel', 'JSONata', '$', [{}], [[null]], { States: [] }),
    );
    const definition: unknown = JSON.parse(workflow.replaceAll(/\$\{\w+\}(?=[,\s])/g, '60'));
    fc.assert(
      fc.property(
        files,
        fc.dictionary(fc.constantFrom(...names), values, { minKeys: 1, maxKeys: 4 }),
        (file, exchanged) => read(file, JSON.stringify(exchange(definition, exchanged))),
      ),
      { numRuns: 500 },
    );
  });
});
