import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Fixed, fixAll } from './fix.ts';
import { lintPaths } from './lint-paths.ts';
import { lintText } from './lint-text.ts';
import { type HclParser, loadHclParser } from './read/hcl-parser.ts';

let hcl: HclParser;
beforeAll(async () => {
  hcl = await loadHclParser();
});

/** Mends one text, and returns it with what is found in it then. */
function mend(file: string, text: string): { readonly text: string; readonly left: readonly string[] } {
  let now = text;
  const lint = (): ReturnType<typeof lintText> => lintText({ file, text: now }, { hcl });
  const tools = { lint, read: () => now, write: (_file: string, changed: string) => void (now = changed) };
  const { left } = fixAll(tools);
  expect(left.problems).toEqual([]);
  const once = now;
  expect(fixAll(tools).mended).toEqual([]);
  expect(now).toBe(once);
  return { text: now, left: left.findings.filter(({ severity }) => severity !== 'note').map(({ rule }) => rule) };
}

describe('a tree of every form', () => {
  const forms = fileURLToPath(new URL('../../test/forms/', import.meta.url));
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fix-'));
    cpSync(forms, folder, { recursive: true });
    for (const path of files()) if (!isGenerated(path)) write(path, read(path).replaceAll(LIMIT, ''));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const LIMIT = /^.*(?:TimeoutSeconds\b.*(?:60|600|\{Limit\}|\{Timeout\}|\{timeout\})|HeartbeatSeconds).*\n/gm;
  const isGenerated = (path: string): boolean => /plan\.json|cdk\.out/.test(path);
  const files = (): readonly string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(folder, path)).isFile());
  const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
  const write = (path: string, text: string): void => writeFileSync(join(folder, path), text);
  const fix = (): Fixed => fixAll({ lint: () => lintPaths(['.'], { folder, hcl }), read, write });
  const limits = /^.*TimeoutSeconds\W+86400,?\n/gm;

  it('gains its time limits, and nothing else', () => {
    const before = new Map(files().map((path) => [path, read(path)]));
    const { mended, left } = fix();
    expect(mended.length).toBeGreaterThan(15);
    expect(left.findings.filter(({ rule, file }) => rule === 'no-time-limit' && !isGenerated(file))).toEqual([]);
    for (const path of files()) expect(read(path).replaceAll(limits, '')).toBe(before.get(path));
    const once = files().map(read);
    expect(fix().mended).toEqual([]);
    expect(files().map(read)).toEqual(once);
  });
});

describe('a mend in its place', () => {
  it('is a limit above the comment of what comes next, in line with its neighbours', () => {
    const text = `resource "aws_sfn_state_machine" "this" {
  definition = jsonencode({
    StartAt = "Ask" # first
    States = {
      Ask = {
        Type       = "Task"
        Resource   = "arn:aws:states:::lambda:invoke.waitForTaskToken"
        Parameters = { FunctionName = "ask", Payload = { taskToken = "$$.Task.Token" } }
        # the last one
        End        = true
      }
    }
  })
}
`;
    expect(mend('main.tf', text).text).toBe(
      text
        .replace('taskToken =', '"taskToken.$" =')
        .replace('        # the last', '        TimeoutSeconds = 86400\n        # the last'),
    );
  });

  it('is in one line where the state is', () => {
    const text = `StartAt: A
States:
  A: { Type: Task, Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', Parameters: { MessageBody.$: $$.Task.Token }, End: true } # short
`;
    expect(mend('a.asl.yaml', text)).toEqual({ text: text.replace('End:', 'TimeoutSeconds: 86400, End:'), left: [] });
  });

  it('is escaped in a text that is quoted', () => {
    const definition = {
      StartAt: 'A',
      States: {
        A: {
          Type: 'Task',
          Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
          Parameters: { 'MessageBody.$': '$$.Task.Token' },
          End: true,
        },
      },
    };
    const machine = {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: { DefinitionString: JSON.stringify(definition) },
    };
    const { text, left } = mend('template.json', JSON.stringify({ Resources: { Machine: machine } }, null, 2));
    expect(left).toEqual([]);
    expect(JSON.parse(text)).toMatchObject({ Resources: { Machine: { Type: machine.Type } } });
    expect(text).toContain('\\"TimeoutSeconds\\": 86400, \\"End\\":true');
  });

  it('changes handlers and work to what the rules ask for', () => {
    const text = `# who approves
StartAt: Ask
States:
  Ask:
    Type: Task
    Resource: arn:aws:states:::lambda:invoke.waitForTaskToken
    Parameters:
      FunctionName: dispatcher
      Payload:
        taskToken.$: $$.Task.Token
        context: { executionArn.$: $$.Execution.Id, state.$: $$.State.Name, enteredTime.$: $$.State.EnteredTime, retryCount.$: $$.State.RetryCount }
        work:
          kind: approval
          title: Go on?
          approvers.$: $.approvers
          timeoutSeconds: 30 # of the page
    TimeoutSeconds: 600
    HeartbeatSeconds: 60 # nobody sends one
    Retry:
      - ErrorEquals: [States.ALL]
        MaxAttempts: 2
    Catch:
      - ErrorEquals: [States.Timeout] # late
        Next: Late
      - ErrorEquals: [States.HeartbeatTimeout]
        Next: Lost
    Next: Late
  Late: { Type: Succeed }
  Lost: { Type: Succeed }
`;
    expect(mend('a.asl.yaml', text)).toEqual({
      left: [],
      text: text
        .replace('timeoutSeconds: 30', 'timeoutSeconds: 600')
        .replace('    HeartbeatSeconds: 60 # nobody sends one\n', '')
        .replace(
          'States.ALL',
          'Lambda.ServiceException, Lambda.AWSLambdaException, Lambda.SdkClientException, Lambda.TooManyRequestsException',
        )
        .replace('[States.Timeout] # late\n        Next: Late', '[States.HeartbeatTimeout]\n        Next: Lost')
        .replace(
          '      - ErrorEquals: [States.HeartbeatTimeout]\n        Next: Lost\n    Next',
          '      - ErrorEquals: [States.Timeout] # late\n        Next: Late\n    Next',
        ),
    });
  });

  it('makes a task wait whose token nobody could answer', () => {
    const text = `{
  "StartAt": "A",
  "States": {
    "A": {
      "Type": "Task",
      "Resource": "arn:aws:states:::lambda:invoke",
      "Parameters": { "FunctionName": "f", "Payload": { "token.$": "$$.Task.Token", "again.$": "$$.Task.Token" } },
      "End": true
    }
  }
}`;
    expect(mend('a.asl.json', text).text).toBe(
      text
        .replace('lambda:invoke"', 'lambda:invoke.waitForTaskToken"')
        .replace('      "End"', '      "TimeoutSeconds": 86400,\n      "End"'),
    );
  });
});
