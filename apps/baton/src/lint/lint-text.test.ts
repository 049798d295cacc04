import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lintBytes, lintText } from './lint-text.ts';

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

  const state = (fields: string): string =>
    `{ "StartAt": "Wait", "States": { "Wait": { "Type": "Task", "End": true, ${fields} } } }`;
  const SENDS =
    '"Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "Parameters": { "Payload": { "t.$": "$$.Task.Token" } }';

  it.each([
    [
      'alternatives',
      state(`${SENDS}, "TimeoutSeconds": 9%{ if a }, "HeartbeatSeconds": 2%{ else }, "HeartbeatSeconds": 3%{ endif }`),
    ],
    [
      'alternatives without a comma between',
      state(`${SENDS}, %{ if a }"TimeoutSeconds": 9%{ else }"HeartbeatSeconds": 3%{ endif }`),
    ],
    ['a limit that only some have', state(`${SENDS}, %{ if a }"TimeoutSeconds": 9, %{ endif }"Comment": ""`)],
    ['members that bring their comma', state(`${SENDS} ${'${limits}'}, "TimeoutSeconds": 9, "Next": "Nowhere"`)],
    ['members from a variable', state(`${SENDS}, ${'${limits}'}`)],
    [
      'members of the work',
      state(
        `"Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "TimeoutSeconds": 9, "Parameters": { "Payload": { ${'${token}'}, "work": { "kind": "ssm", ${'${limits}'} } } }`,
      ),
    ],
    [
      'members of the state of a work with limits',
      state(
        `"Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "Parameters": { "Payload": { "t.$": "$$.Task.Token", "work": { "kind": "ssm", "timeoutSeconds": 9, "heartbeatSeconds": 3 } } }, ${'${limits}'}`,
      ),
    ],
    [
      'alternatives that do not stand together',
      state(
        `${SENDS}, %{ if a }"TimeoutSeconds": 90, "HeartbeatSeconds": 30%{ else }"TimeoutSeconds": 9%{ endif }, "Comment": ""`,
      ),
    ],
    [
      'a Catch that may be there',
      state(`${SENDS}, "TimeoutSeconds": 9, ${'${catch}'}`).replace('"End": true', '"Next": "Last"'),
    ],
    [
      'a member whose name is an expression',
      '{ "StartAt": ${jsonencode(a)}, "States": { ${jsonencode(a)}: { "Type": "Succeed" } } }',
    ],
    [
      'a pattern from a variable',
      state(
        '"Resource": "arn:aws:states:::lambda:invoke${pattern}", "TimeoutSeconds": 9, "Parameters": { "Payload": { "t.$": "$$.Task.Token" } }',
      ),
    ],
  ])('judges nothing that Terraform decides: %s', (_what, text) => {
    expect(problems(text)).toEqual([]);
    expect(found(text)).toEqual([]);
  });

  it('says that states come from a loop, and judges nothing else of it', () => {
    const text =
      '{ "StartAt": "A", "States": { %{ for s in states }"${s}": { "Type": "Succeed" }%{ endfor } "A": { "Type": "Succeed" } } }';
    expect(problems(text)).toEqual([]);
    expect(found(text)).toEqual([expect.stringMatching(/definition-unknown 1:31$/)]);
  });

  it('still finds a comma that is missing elsewhere', () =>
    expect(problems('{ "a": ${a}, "b": 1 "c": 2 }')).toEqual(['65 a.asl.json:1:21: not JSON: comma expected']));

  it('names a state as the template does', () => {
    const text =
      '{ "StartAt": "${a} waits", "States": { "${a} waits": { "Type": "Task", "Resource": ${b}, "Nxt": 1, "End": true } } }';
    expect(found(text)).toEqual(['${a} waits definition 1:97']);
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
    expect(lint(distributed('EXPRESS'))).toEqual(['Wait callback-in-express']);
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
      { StartAt: 'A', States: { 'A/Catch[0]': { Type: 'Succeed', Nxt: 1 }, A: { Type: 'Pass', Next: 'B' } } },
      null,
      1,
    );
    expect(found(text)).toEqual(['A/Catch[0] definition 6:11', 'A definition 10:12']);
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
    ['', '65 a.asl.json is empty'],
    ['\uFEFF\n', '65 a.asl.json is empty'],
    ['{\n  "StartAt" "A"\n}', '65 a.asl.json:2:13: not JSON: colon expected'],
    ['{"a": 1,}', '65 a.asl.json:1:9: not JSON: property name expected'],
    ['{} // no', '65 a.asl.json:1:4: not JSON: invalid comment token'],
    ['yes', '65 a.asl.json:1:1: not JSON: invalid symbol'],
    [
      'StartAt: A\nStates: [',
      '65 a.asl.json:2:10: not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    [
      'PK\u0003\u0004',
      '65 a.asl.json is a plan in Terraform\'s own form: give what "terraform show -json a.asl.json" prints',
    ],
    [`${'['.repeat(501)}`, '65 a.asl.json:1:501: not JSON: nested deeper than 500'],
  ])('%j', (text, message) => expect(problems(text)).toEqual([message]));

  it.each([['a.yml', 'key: value', /^65 a\.yml is neither a definition/]])(
    'knows %s by its name',
    (file, text, message) => expect(problems(text, file)).toEqual([expect.stringMatching(message)]),
  );

  it.each([
    ['Latin-1', Buffer.from('{"a": "\u00fc"}', 'latin1'), 'a.asl.json is not UTF-8: save it as UTF-8'],
    ['UTF-16', Buffer.from('\uFEFF{}', 'utf16le'), 'a.asl.json is not UTF-8: save it as UTF-8'],
    [
      'a plan',
      Buffer.from([80, 75, 3, 4, 255]),
      expect.stringMatching(/^a\.asl\.json is a plan in Terraform's own form/) as string,
    ],
  ])('reads no bytes that are no text: %s', (_what, bytes, message) =>
    expect(lintBytes({ file: 'a.asl.json' }, bytes).problems).toEqual([{ exitCode: 65, message }]),
  );

  it('holds no fault of its own for one of the bytes', () => {
    const fault = new TypeError('not a function');
    const template =
      '{"Resources":{"M":{"Type":"AWS::Serverless::StateMachine","Properties":{"DefinitionUri":"m.asl.json"}}}}';
    const readBeside = (): never => {
      throw fault;
    };
    expect(() => lintBytes({ file: 'template.json' }, Buffer.from(template), { readBeside })).toThrow(fault);
  });

  it('reads bytes with a byte order mark', () =>
    expect(lintBytes({ file: 'a.asl.json' }, Buffer.from(`\uFEFF${workflow}`))).toEqual(
      lintText({ file: 'a.asl.json', text: workflow }),
    ));

  it('takes another JSON file only for a definition or a plan', () => {
    expect(problems('{"name": "x"}', 'package.json')).toEqual([
      '65 package.json is neither a definition (no StartAt and States), nor a template that declares a state machine, nor what "terraform show -json" prints',
    ]);
    expect(found('{}')).toEqual(['- definition 1:1']);
  });
});
