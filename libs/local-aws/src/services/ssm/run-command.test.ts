import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { act, createTestWorld, type TestWorld } from '../../../test/test-world.ts';
import { createEc2, type Ec2 } from '../ec2/ec2.ts';
import type { Host } from '../ec2/host.ts';
import type { JsonObject, ServiceEvent } from '../../kernel/service.ts';
import { createSsm, type Ssm } from './ssm.ts';

const HOST = 'i-0123456789abcdef0';
const OTHER = 'i-0123456789abcdef1';
const HOUR = 3_600_000;
let test: TestWorld;
let ec2: Ec2;
let ssm: Ssm;
let host: Host;

beforeEach(async () => {
  test = createTestWorld();
  ec2 = createEc2(test.world, (name) => ({ name, arn: `arn:aws:iam::123456789012:role/${name}` }));
  ssm = createSsm(test.world, ec2.hosts);
  host = await ec2.hosts.launch({ instanceId: HOST, roleName: 'baton-host', tags: { Name: 'worker' } });
});
afterEach(async () => {
  await ssm.close?.();
  await ec2.close?.();
  test.close();
});

const send = async (commands: string[], more: JsonObject = {}): Promise<string> => {
  const input = { DocumentName: 'AWS-RunShellScript', InstanceIds: [HOST], Parameters: { commands }, ...more };
  const { Command } = (await act(ssm, 'SendCommand', input)) as { Command: { CommandId: string } };
  return Command.CommandId;
};
const isInvocation = (event: ServiceEvent): boolean => event['detail-type'].startsWith('EC2 Command Invocation');
const ended = (event: ServiceEvent): boolean =>
  isInvocation(event) && ['Success', 'Failed', 'TimedOut', 'Cancelled'].includes(String(event.detail['status']));
const invocation = (CommandId: string): Promise<JsonObject> =>
  act(ssm, 'GetCommandInvocation', { CommandId, InstanceId: HOST });
const statuses = (isIt: (event: ServiceEvent) => boolean): unknown[] =>
  test.published.filter((event) => event.source === 'aws.ssm' && isIt(event)).map(({ detail }) => detail['status']);

/** How a running script shows itself: by its process id in a pipe that the test reads. */
const READY = 'echo $$ >ready';
const makePipe = async (): Promise<void> => {
  await send(['mkfifo ready']);
  await test.eventually(ended);
  test.published.length = 0;
};
const onHost = (file: string): string => join(host.folder, 'usr/bin', file);
const untilReady = async (): Promise<number> => Number(await readFile(onHost('ready'), 'utf8'));
const lives = (pid: number): boolean => {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
};

describe('Run Command', () => {
  it('runs the script in the host and shows what it wrote', async () => {
    const CommandId = await send(['echo "from $AWS_SSM_INSTANCE_ID in $PWD"', 'echo oops >&2', 'exit 3']);
    expect(await invocation(CommandId)).toMatchObject({ Status: 'Pending', ResponseCode: -1 });
    await test.eventually(ended);
    expect(await invocation(CommandId)).toMatchObject({
      Status: 'Failed',
      StatusDetails: 'Failed',
      ResponseCode: 3,
      PluginName: 'runShellScript',
      StandardOutputContent: `from ${HOST} in ${join(host.folder, 'usr/bin')}\n`,
      StandardErrorContent: 'oops\n',
    });
  });

  it('gives the script the environment of the agent and of the host, and none of its own', async () => {
    process.env['LEAKED'] = 'secret';
    const CommandId = await send(['env']);
    await test.eventually(ended);
    delete process.env['LEAKED'];
    const { StandardOutputContent } = await invocation(CommandId);
    expect(StandardOutputContent).toContain(`SSM_COMMAND_ID=${CommandId}\n`);
    expect(StandardOutputContent).toContain('AWS_SSM_REGION_NAME=us-east-1\n');
    expect(StandardOutputContent).toMatch(/AWS_EC2_METADATA_SERVICE_ENDPOINT=http:\/\/127\.0\.0\.1:\d+\n/);
    expect(StandardOutputContent).not.toContain('LEAKED');
  });

  it('publishes each change of status, the parameters with the command only', async () => {
    const CommandId = await send(['true'], { Comment: 'about this' });
    await test.eventually(ended);
    expect(statuses(isInvocation)).toEqual(['Pending', 'InProgress', 'Success']);
    expect(statuses((event) => !isInvocation(event))).toEqual(['Pending', 'InProgress', 'Success']);
    const ofSsm = test.published.filter(({ source }) => source === 'aws.ssm');
    expect(ofSsm[0]).toEqual({
      source: 'aws.ssm',
      'detail-type': 'EC2 Command Status-change Notification',
      resources: [`arn:aws:ec2:us-east-1:123456789012:instance/${HOST}`],
      detail: {
        'command-id': CommandId,
        'document-name': 'AWS-RunShellScript',
        'expire-after': '2026-01-01T02:00:00.000Z',
        parameters: { commands: ['true'] },
        'requested-date-time': '2026-01-01T00:00:00.000Z',
        status: 'Pending',
      },
    });
    expect(Object.keys(ofSsm.findLast(isInvocation)?.detail ?? {}).sort()).toEqual([
      'command-id',
      'document-name',
      'instance-id',
      'requested-date-time',
      'status',
    ]);
  });

  it('can be found by its comment', async () => {
    await send(['true'], { Comment: 'one' });
    const CommandId = await send(['true'], { Comment: 'two' });
    const { Commands } = (await act(ssm, 'ListCommands', { InstanceId: HOST })) as { Commands: JsonObject[] };
    expect(Commands.map(({ Comment }) => Comment)).toEqual(['two', 'one']);
    const one = (await act(ssm, 'ListCommands', { CommandId })) as { Commands: JsonObject[] };
    expect(one.Commands).toMatchObject([{ CommandId, Comment: 'two', TargetCount: 1 }]);
  });

  it('lists page by page', async () => {
    for (const Comment of ['a', 'b', 'c']) await send(['true'], { Comment });
    const first = (await act(ssm, 'ListCommands', { MaxResults: 2 })) as { Commands: JsonObject[]; NextToken: string };
    const { NextToken } = first;
    const second = (await act(ssm, 'ListCommands', { MaxResults: 2, NextToken })) as { Commands: JsonObject[] };
    expect([...first.Commands, ...second.Commands].map(({ Comment }) => Comment)).toEqual(['c', 'b', 'a']);
    expect(second).not.toHaveProperty('NextToken');
  });

  it('runs the next step after a failed one, and fails as a whole', async () => {
    await createSteps([
      { name: 'first', runCommand: ['exit 2'] },
      { name: 'second', runCommand: ['echo went on'] },
    ]);
    const CommandId = await send([], { DocumentName: 'steps', Parameters: {} });
    await test.eventually(ended);
    expect(await invocation(CommandId)).toMatchObject({ Status: 'Failed', PluginName: '' });
    const second = await act(ssm, 'GetCommandInvocation', { CommandId, InstanceId: HOST, PluginName: 'second' });
    expect(second).toMatchObject({ Status: 'Success', ResponseCode: 0, StandardOutputContent: 'went on\n' });
  });

  it('stops at a failed step that says exit', async () => {
    await createSteps([
      { name: 'first', runCommand: ['exit 2'], onFailure: 'exit' },
      { name: 'second', runCommand: ['echo went on'] },
    ]);
    const CommandId = await send([], { DocumentName: 'steps', Parameters: {} });
    await test.eventually(ended);
    const second = await act(ssm, 'GetCommandInvocation', { CommandId, InstanceId: HOST, PluginName: 'second' });
    expect(second).toMatchObject({ ResponseCode: -1, StandardOutputContent: '' });
  });

  it('runs five at a time, and the next one when one of them has ended', async () => {
    await send(['mkfifo ready go']);
    await test.eventually(ended);
    const first = await Promise.all(Array.from({ length: 5 }, () => send(['cat go'])));
    const sixth = await send([READY]);
    await new Promise((resolve) => setImmediate(resolve));
    const statusOf = async (id: string): Promise<unknown> => (await invocation(id))['Status'];
    expect(await Promise.all(first.map(statusOf))).toEqual(first.map(() => 'InProgress'));
    expect(await statusOf(sixth)).toBe('Pending');
    writeFileSync(onHost('go'), '');
    expect(await untilReady()).toBeGreaterThan(0);
  });

  it('runs as many at a time as the configuration of its agent says', async () => {
    const folder = join(host.folder, 'etc/amazon/ssm');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'amazon-ssm-agent.json'), '{"Mds":{"CommandWorkersLimit":1}}');
    await send(['mkfifo ready go']);
    await test.eventually(ended);
    const [, second] = [await send(['cat go']), await send([READY])];
    await new Promise((resolve) => setImmediate(resolve));
    expect((await invocation(second))['Status']).toBe('Pending');
    writeFileSync(onHost('go'), '');
    expect(await untilReady()).toBeGreaterThan(0);
  });

  it('says in stderr why a script could not be started', async () => {
    const Parameters = { commands: ['true'], workingDirectory: ['not/there'] };
    const CommandId = await send([], { Parameters });
    await test.eventually(ended);
    expect(await invocation(CommandId)).toMatchObject({
      Status: 'Failed',
      StandardErrorContent: expect.stringContaining('failed to run commands') as string,
    });
  });

  it('takes an exit code of 137 for a timeout, as the agent does', async () => {
    const CommandId = await send(['exit 137']);
    await test.eventually(ended);
    expect(await invocation(CommandId)).toMatchObject({ Status: 'TimedOut', ResponseCode: 137 });
  });

  it('takes a signal of somebody else for a failure', async () => {
    const CommandId = await send(['kill -KILL $$']);
    await test.eventually(ended);
    expect(await invocation(CommandId)).toMatchObject({ Status: 'Failed', ResponseCode: -1 });
  });

  it('shows the first 24,000 characters of the output and 8,000 of the errors', async () => {
    const CommandId = await send([`head -c 30000 /dev/zero | tr '\\0' x | tee /dev/stderr`]);
    await test.eventually(ended);
    const { StandardOutputContent, StandardErrorContent } = await invocation(CommandId);
    expect([String(StandardOutputContent).length, String(StandardErrorContent).length]).toEqual([24_000, 8_000]);
  });
});

const createSteps = (steps: { name: string; runCommand: string[]; onFailure?: string }[]): Promise<JsonObject> =>
  act(ssm, 'CreateDocument', {
    Name: 'steps',
    Content: JSON.stringify({
      schemaVersion: '2.2',
      mainSteps: steps.map(({ name, runCommand, ...more }) => ({
        action: 'aws:runShellScript',
        name,
        inputs: { runCommand },
        ...more,
      })),
    }),
  });

describe('a command that does not end by itself', () => {
  it('is killed by its execution timeout, with all its children', async () => {
    await makePipe();
    const Parameters = { commands: ['sleep 1000 &', READY, 'wait'], executionTimeout: ['60'] };
    const CommandId = await send([], { Parameters });
    const pid = await untilReady();
    await test.clock.advance(60_000);
    await test.eventually(ended);
    expect(await invocation(CommandId)).toMatchObject({
      Status: 'TimedOut',
      StatusDetails: 'Execution Timed Out',
      ResponseCode: 137,
    });
    expect(lives(pid)).toBe(false);
  });

  it('is killed when it is cancelled, without a chance to clean up', async () => {
    await makePipe();
    const CommandId = await send([`trap 'echo cleaned' TERM EXIT`, READY, 'sleep 1000']);
    const pid = await untilReady();
    await act(ssm, 'CancelCommand', { CommandId });
    await test.eventually(ended);
    expect(statuses(isInvocation)).toEqual(['Pending', 'InProgress', 'Cancelling', 'Cancelled']);
    expect(await invocation(CommandId)).toMatchObject({
      Status: 'Cancelled',
      ResponseCode: 137,
      StandardOutputContent: '',
    });
    expect(lives(pid)).toBe(false);
  });

  it('stays in progress when its host is lost, until it expires', async () => {
    await makePipe();
    const CommandId = await send([READY, 'sleep 1000'], { TimeoutSeconds: 600 });
    const pid = await untilReady();
    await ec2.hosts.kill(HOST);
    expect(lives(pid)).toBe(false);
    await test.clock.advance(HOUR + 599_000);
    expect(await invocation(CommandId)).toMatchObject({ Status: 'InProgress' });
    await test.clock.advance(1000);
    expect(await invocation(CommandId)).toMatchObject({ Status: 'TimedOut', StatusDetails: 'Delivery Timed Out' });
  });

  it('is reported as failed after a reboot, without an event of EC2', async () => {
    await makePipe();
    const { bootId } = host;
    const CommandId = await send([READY, 'sleep 1000']);
    const pid = await untilReady();
    await ec2.hosts.reboot(HOST);
    expect(lives(pid)).toBe(false);
    expect(host.bootId).not.toBe(bootId);
    expect(await invocation(CommandId)).toMatchObject({ Status: 'Failed' });
    expect(test.published.filter(({ source }) => source === 'aws.ec2')).toEqual([]);
  });
});

describe('a second delivery', () => {
  it('runs the script again under the same ids, and changes no result', async () => {
    const CommandId = await send(['echo $SSM_COMMAND_ID >>runs']);
    await test.eventually(ended);
    await ssm.redeliver(CommandId);
    expect(readFileSync(onHost('runs'), 'utf8')).toBe(`${CommandId}\n${CommandId}\n`);
    expect(statuses(isInvocation)).toEqual(['Pending', 'InProgress', 'Success']);
  });

  it('that does not report leaves the first one running', async () => {
    await makePipe();
    const CommandId = await send(['mkdir first 2>/dev/null || exit 0', READY, 'sleep 1000']);
    await untilReady();
    await ssm.redeliver(CommandId);
    expect(await invocation(CommandId)).toMatchObject({ Status: 'InProgress' });
  });

  it('that reports may end the command under the first one', async () => {
    await makePipe();
    const CommandId = await send(['mkdir first 2>/dev/null || exit 0', READY, 'sleep 1000']);
    await untilReady();
    await ssm.redeliver(CommandId, { reports: true });
    expect(await invocation(CommandId)).toMatchObject({ Status: 'Success' });
    expect(statuses(isInvocation)).toEqual(['Pending', 'InProgress', 'Success']);
  });

  it('that reports after the first one changes nothing', async () => {
    const CommandId = await send(['mkdir first']);
    await test.eventually(ended);
    await ssm.redeliver(CommandId, { reports: true });
    expect(await invocation(CommandId)).toMatchObject({ Status: 'Success', ResponseCode: 0 });
    expect(statuses(isInvocation)).toEqual(['Pending', 'InProgress', 'Success']);
  });

  it('of an unknown command is refused', async () => {
    await expect(ssm.redeliver(test.world.uuid())).rejects.toMatchObject({ code: 'InvalidCommandId' });
  });
});

describe('a host that cannot be reached', () => {
  it('is shown so', async () => {
    await ec2.hosts.launch({ instanceId: OTHER, roleName: 'baton-host' });
    await ec2.hosts.kill(HOST, { unnoticed: true });
    const online = async (input: JsonObject) =>
      ((await act(ssm, 'DescribeInstanceInformation', input))['InstanceInformationList'] as JsonObject[]).map(
        ({ InstanceId, PingStatus }) => [InstanceId, PingStatus],
      );
    expect(await online({ Filters: [{ Key: 'InstanceIds', Values: [HOST] }] })).toEqual([[HOST, 'ConnectionLost']]);
    const valueSet = ['Online'];
    expect(await online({ InstanceInformationFilterList: [{ key: 'PingStatus', valueSet }] })).toEqual([
      [OTHER, 'Online'],
    ]);
    const unknown = online({ Filters: [{ Key: 'AgentVersion', Values: [] }] });
    await expect(unknown).rejects.toMatchObject({ code: 'InvalidInstanceInformationFilterValue' });
  });

  it('gets the command when its agent is back', async () => {
    await ec2.hosts.kill(HOST, { unnoticed: true });
    const CommandId = await send(['true']);
    await test.clock.advance(60_000);
    expect(await invocation(CommandId)).toMatchObject({ Status: 'Pending' });
    await ec2.hosts.reboot(HOST);
    await test.eventually(ended);
    expect(await invocation(CommandId)).toMatchObject({ Status: 'Success' });
  });

  it('does not keep a command from being cancelled before it is delivered', async () => {
    await ec2.hosts.kill(HOST, { unnoticed: true });
    const CommandId = await send(['true']);
    await act(ssm, 'CancelCommand', { CommandId });
    expect(await invocation(CommandId)).toMatchObject({ Status: 'Cancelled', ResponseCode: -1 });
  });
});

describe('SendCommand refuses', () => {
  const refusals: [string, JsonObject, string, RegExp][] = [
    ['an unknown document', { DocumentName: 'nothing' }, 'InvalidDocument', /nothing/],
    [
      'an unknown host',
      { InstanceIds: [OTHER] },
      'InvalidInstanceId',
      /^Instances \[\[i-0123456789abcdef1\]\] not in a valid state for account 123456789012$/,
    ],
    ['a long comment', { Comment: 'x'.repeat(101) }, 'ValidationException', /less than or equal to 100/],
    ['a short delivery timeout', { TimeoutSeconds: 29 }, 'ValidationException', /greater than or equal to 30/],
    ['a long delivery timeout', { TimeoutSeconds: 2_592_001 }, 'ValidationException', /less than or equal to 2592000/],
    [
      'a parameter that is not a list',
      { Parameters: { commands: 'true' } },
      'SerializationException',
      /STRING_VALUE.*List/,
    ],
    ['an unknown parameter', { Parameters: { commands: ['true'], what: ['x'] } }, 'InvalidParameters', /what/],
    ['a missing parameter', { Parameters: {} }, 'InvalidParameters', /commands/],
    ['no host at all', { InstanceIds: [] }, 'ValidationException', /InstanceIds or Targets/],
  ];
  it.each(refusals)('%s', async (_, input, code, message) => {
    await expect(send(['true'], input)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
    expect(statuses(() => true)).toEqual([]);
  });

  it('a host that is stopped', async () => {
    await ec2.hosts.stop(HOST);
    await expect(send(['true'])).rejects.toMatchObject({ code: 'InvalidInstanceId' });
  });
});

describe('targets', () => {
  it('select hosts by tag', async () => {
    await ec2.hosts.launch({ instanceId: OTHER, roleName: 'baton-host', tags: { Name: 'other' } });
    const CommandId = await send(['true'], { InstanceIds: [], Targets: [{ Key: 'tag:Name', Values: ['other'] }] });
    await test.eventually(ended);
    const { CommandInvocations } = await act(ssm, 'ListCommandInvocations', { CommandId, Details: true });
    expect(CommandInvocations).toMatchObject([{ InstanceId: OTHER, Status: 'Success', CommandPlugins: [{}] }]);
  });

  it('may select none, which succeeds without an invocation', async () => {
    const Targets = [{ Key: 'tag:Name', Values: ['nobody'] }];
    const CommandId = await send(['true'], { InstanceIds: [], Targets });
    const { Commands } = await act(ssm, 'ListCommands', { CommandId });
    expect(Commands).toMatchObject([{ Status: 'Success', StatusDetails: 'NoInstancesInTag', TargetCount: 0 }]);
  });
});

describe('GetCommandInvocation refuses', () => {
  it('a command that is not there', async () => {
    await expect(invocation(test.world.uuid())).rejects.toMatchObject({ code: 'InvocationDoesNotExist' });
  });
  it('a step that is not there', async () => {
    const CommandId = await send(['true']);
    const asked = act(ssm, 'GetCommandInvocation', { CommandId, InstanceId: HOST, PluginName: 'what' });
    await expect(asked).rejects.toMatchObject({ code: 'InvalidPluginName' });
  });
});
