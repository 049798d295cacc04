import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startJobPlatform, type JobPlatform } from '../src/testing/index.ts';
import { placesOf, tokensIn } from './token-places.ts';

/** One host, one workflow, the ends that a job can come to. */
describe('a job on a host', () => {
  let platform: JobPlatform;
  beforeAll(async () => {
    platform = await startJobPlatform();
    platform.script(
      'report.sh',
      '#!/bin/sh\necho \'::progress {"done": 1}\'\necho working\necho \'{"rows": 3, "checksum": "abc"}\'\n',
    );
    platform.script('fail.sh', '#!/bin/sh\necho "the disk is full" >&2\nexit 3\n');
    platform.script('not-executable.sh', '#!/bin/sh\necho {}\n');
    chmodSync(join(platform.hostFolder, 'not-executable.sh'), 0o644);
    platform.script('killed.sh', '#!/bin/sh\nkill -9 $$\n');
    platform.script('broken-output.sh', '#!/bin/sh\nprintf "{not json" > "$BATON_OUTPUT_FILE"\n');
    platform.script(
      'large-output.sh',
      '#!/bin/sh\nawk \'BEGIN { printf "\\""; for (i = 0; i < 300000; i++) printf "x"; print "\\"" }\' > "$BATON_OUTPUT_FILE"\n',
    );
  });
  afterAll(() => platform.close());

  const typesOf = async (execution: string) =>
    (await platform.historyOf(execution)).map((event) => ('type' in event ? event.type : 'branches'));

  test('that succeeds: its last JSON line is the output of the state', async () => {
    const execution = await platform.start(['./report.sh']);
    expect(await platform.ended(execution)).toMatchObject({
      status: 'SUCCEEDED',
      output: { rows: 3, checksum: 'abc' },
    });
    expect(await typesOf(execution)).toEqual([
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
    ['is not executable', ['./not-executable.sh'], 'Baton.CommandNotExecutable', /not-executable\.sh[\s\S]*chmod/],
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
    const { Items } = await platform.aws.call('dynamodb:Scan', { TableName: platform.deployment.tableName });
    const open = (Items as Record<string, { S?: string }>[]).filter((item) => item['token'] !== undefined);
    expect(open).toEqual([]);
  });

  test('with a command that is no list of words is refused by name', async () => {
    const ended = await platform.ended(await platform.start([], { command: 'ls' }));
    expect(ended).toMatchObject({ status: 'FAILED', error: 'Baton.InvalidRequest' });
  });

  test('leaves no task token behind: in no log, command, event, URL, message, file or row (L3)', async () => {
    const tokens = tokensIn(platform.calls);
    expect(tokens.length).toBeGreaterThan(0);
    expect(await placesOf(tokens, platform.aws, platform, [platform.hostFolder])).toEqual([]);
  });

  test('leaves its callbackId in every one of those places, so that the search is one', async () => {
    const { callbackId } = await platform.asked('success');
    const places = await placesOf([callbackId], platform.aws, platform, [platform.hostFolder]);
    expect(places).toEqual(
      expect.arrayContaining([
        '/aws/lambda/baton-dispatcher',
        '/aws/lambda/baton-completer-http',
        'ssm SendCommand',
        'event of aws.ssm',
        'execute-api POST /callbacks/{callbackId}/success',
        'the table',
      ]),
    );
    expect(places.some((place) => place.endsWith(`${callbackId}.json`))).toBe(true);
  });
});
