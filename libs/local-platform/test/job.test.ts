import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { names } from '../src/index.ts';
import { instanceId, startPlatform, type TestPlatform } from './kit.ts';

const functionNames = ['dispatcher', 'completer-http', 'completer-events', 'completer-schedule'];

/** One host, one workflow, the ends that a job can come to. */
describe('a job on a host', () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await startPlatform();
    platform.script(
      'report.sh',
      '#!/bin/sh\necho \'::progress {"done": 1}\'\necho working\necho \'{"rows": 3, "checksum": "abc"}\'\n',
    );
    platform.script('fail.sh', '#!/bin/sh\necho "the disk is full" >&2\nexit 3\n');
    platform.script('killed.sh', '#!/bin/sh\nkill -9 $$\n');
    platform.script('broken-output.sh', '#!/bin/sh\nprintf "{not json" > "$BATON_OUTPUT_FILE"\n');
    platform.script(
      'large-output.sh',
      '#!/bin/sh\nawk \'BEGIN { printf "\\""; for (i = 0; i < 300000; i++) printf "x"; print "\\"" }\' > "$BATON_OUTPUT_FILE"\n',
    );
  });
  afterAll(() => platform.close());

  test('that succeeds: its last JSON line is the output of the state', async () => {
    const execution = await platform.start(['./report.sh']);
    expect(await platform.ended(execution)).toMatchObject({
      status: 'SUCCEEDED',
      output: { rows: 3, checksum: 'abc' },
    });
    expect(await platform.history(execution)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  test.each([
    ['exits non-zero', ['./fail.sh'], 'Baton.JobFailed', /code 3[\s\S]*the disk is full/],
    ['is killed by a signal', ['./killed.sh'], 'Baton.JobKilled', /SIGKILL/],
    ['is not there', ['./missing.sh'], 'Baton.CommandNotFound', /missing\.sh/],
    ['writes a result that is not JSON', ['./broken-output.sh'], 'Baton.InvalidOutput', /JSON/],
    ['writes a result over the limit', ['./large-output.sh'], 'Baton.OutputTooLarge', /262,?144/],
  ])('that %s', async (_what, command, error, cause) => {
    const ended = await platform.ended(await platform.start(command));
    expect(ended).toMatchObject({ status: 'FAILED', error });
    expect(ended.cause).toMatch(cause);
  });

  test('on an instance that is not there fails the task at once, with its row closed', async () => {
    const execution = await platform.start(['./report.sh'], { instanceId: 'i-0000000000000dead' });
    const ended = await platform.ended(execution);
    expect(ended).toMatchObject({ status: 'FAILED', error: 'Baton.HostNotAvailable' });
    expect(ended.cause).toContain('i-0000000000000dead');
    const { Items } = await platform.aws.call('dynamodb', 'Scan', { TableName: platform.deployment.tableName });
    const open = (Items as Record<string, { S?: string }>[]).filter((item) => item['token'] !== undefined);
    expect(open).toEqual([]);
  });

  test('with a command that is no list of words is refused by name', async () => {
    const ended = await platform.ended(await platform.start([], { command: 'ls' }));
    expect(ended).toMatchObject({ status: 'FAILED', error: 'Baton.InvalidRequest' });
  });

  test('leaves no task token anywhere but in the table while it waits', async () => {
    const secrets = tokensIn(platform);
    expect(secrets.length).toBeGreaterThan(0);
    const logs = JSON.stringify(
      functionNames.map((name) => platform.aws.logs.lines(`/aws/lambda/${names.function(name)}`)),
    );
    const commands = JSON.stringify(await platform.aws.call('ssm', 'ListCommands', {}));
    const events = JSON.stringify(platform.events.filter(({ source }) => source !== 'aws.states'));
    const requests = JSON.stringify(
      platform.calls.filter(({ service }) => ['ssm', 'events', 'execute-api'].includes(service)),
    );
    const table = JSON.stringify(
      await platform.aws.call('dynamodb', 'Scan', { TableName: platform.deployment.tableName }),
    );
    for (const token of secrets) {
      for (const [place, text] of Object.entries({ logs, commands, events, requests, table })) {
        expect(text.includes(token), `a token in the ${place}`).toBe(false);
      }
    }
    expect(logs).toContain('callbackId');
    expect(commands).toContain(instanceId);
  });
});

/** Every token that Step Functions handed to the dispatcher, read off the invocations. */
function tokensIn(platform: TestPlatform): string[] {
  return platform.calls
    .filter(({ service, action }) => service === 'lambda' && action === 'Invoke')
    .flatMap(({ input }) => {
      const payload = input['Payload'];
      const text = payload instanceof Uint8Array ? new TextDecoder().decode(payload) : String(payload);
      return [...text.matchAll(/"taskToken":\s*"([^"]+)"/g)].map((match) => match[1] as string);
    });
}
