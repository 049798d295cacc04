import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { act, createTestWorld, type TestWorld } from '../../../test/test-world.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { createEc2, type Ec2 } from './ec2.ts';
import type { Host } from './host.ts';

const HOST = 'i-0123456789abcdef0';
const ARN = `arn:aws:ec2:us-east-1:123456789012:instance/${HOST}`;
let test: TestWorld;
let ec2: Ec2;

beforeEach(() => {
  test = createTestWorld();
  ec2 = createEc2(test.world, (name) => ({ name, arn: `arn:aws:iam::123456789012:role/${name}` }));
});
afterEach(async () => {
  await ec2.close?.();
  test.close();
});

const launch = (more: JsonObject = {}): Promise<Host> =>
  ec2.hosts.launch({ instanceId: HOST, roleName: 'baton-host', ...more });
const states = (): unknown[] => test.published.map(({ detail }) => detail['state'] ?? detail['instance-action']);

describe('a host', () => {
  it('publishes its life as EC2 does', async () => {
    await launch();
    await ec2.hosts.stop(HOST);
    await ec2.hosts.start(HOST);
    await ec2.hosts.reboot(HOST);
    await ec2.hosts.terminate(HOST);
    expect(states()).toEqual([
      'pending',
      'running',
      'stopping',
      'stopped',
      'pending',
      'running',
      'shutting-down',
      'terminated',
    ]);
    expect(test.published[0]).toEqual({
      source: 'aws.ec2',
      'detail-type': 'EC2 Instance State-change Notification',
      resources: [ARN],
      detail: { 'instance-id': HOST, state: 'pending' },
    });
  });

  it('is warned before Spot takes it, and goes on', async () => {
    const host = await launch();
    await ec2.hosts.interruptSpot(HOST);
    expect(test.published.at(-1)).toEqual({
      source: 'aws.ec2',
      'detail-type': 'EC2 Spot Instance Interruption Warning',
      resources: [`arn:aws:ec2:us-east-1a:instance/${HOST}`],
      detail: { 'instance-id': HOST, 'instance-action': 'terminate' },
    });
    expect(host.state).toBe('running');
  });

  it('is called running after a loss that nobody noticed', async () => {
    const host = await launch();
    await ec2.hosts.kill(HOST, { unnoticed: true });
    expect([host.state, host.connected]).toEqual(['running', false]);
    expect(states()).toEqual(['pending', 'running']);
  });

  it('has a new boot id after each boot, for scripts in a file', async () => {
    const host = await launch();
    const seen = [host.bootId];
    await ec2.hosts.reboot(HOST);
    seen.push(host.bootId);
    await ec2.hosts.stop(HOST);
    await ec2.hosts.start(HOST);
    seen.push(host.bootId);
    expect(new Set(seen).size).toBe(3);
    expect(readFileSync(join(host.systemFolder, 'boot_id'), 'utf8')).toBe(`${host.bootId}\n`);
  });

  it('has its files in the folder that it is given', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'own-'));
    expect((await launch({ folder })).folder).toBe(folder);
  });

  it('takes a fresh id where none is given', async () => {
    const host = await ec2.hosts.launch({ roleName: 'baton-host' });
    expect(host.instanceId).toMatch(/^i-[0-9a-f]{17}$/);
  });

  const alive = 'sh -c "echo alive; sleep 1000"';
  it.each([
    ['killed', 'kill', 'in the background', `${alive} >pipe &`],
    ['stopped', 'stop', 'in a session of its own', `setsid ${alive} >pipe &`],
    ['rebooted', 'reboot', 'in a session of its own', `setsid ${alive} >pipe &`],
    ['rebooted', 'reboot', 'there without an environment', `setsid sh -c 'env -i ${alive}; true' >pipe &`],
  ] as const)('that is %s (%s) leaves no process behind %s', async (_, end, __, text) => {
    const host = await launch();
    const files = { stdoutFile: join(host.folder, 'out'), stderrFile: join(host.folder, 'err') };
    const script = join(host.folder, 'script');
    const pipe = join(host.folder, 'usr/bin/pipe');
    execFileSync('mkfifo', [pipe]);
    writeFileSync(script, `${text}\n`, { mode: 0o700 });
    const { exited } = await host.run({ script, environment: {}, ...files });
    expect(await exited).toEqual({ exitCode: 0 });
    const reader = createReadStream(pipe, 'utf8');
    expect(await once(reader, 'data')).toEqual(['alive\n']);
    await ec2.hosts[end](HOST);
    await once(reader, 'end'); // A pipe ends with the last process that holds it.
  });

  it('ends with the process that it lives in, however that ends', async () => {
    const world = new URL('../../../test/test-world.ts', import.meta.url).href;
    const hosts = new URL('./hosts.ts', import.meta.url).href;
    const folder = mkdtempSync(join(tmpdir(), 'own-'));
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    writeFileSync(join(folder, 'script'), `{ echo alive; sleep 1000; } >${pipe}\n`, { mode: 0o700 });
    const program = `
      const { createTestWorld } = await import('${world}');
      const { createHosts } = await import('${hosts}');
      const host = await createHosts(createTestWorld().world).launch({ roleName: 'r', folder: '${folder}' });
      await host.run({ script: '${folder}/script', environment: {}, stdoutFile: '${folder}/o', stderrFile: '${folder}/e' });
      process.stdin.on('data', () => { throw new Error('crash') });
    `;
    const crashing = spawn(process.execPath, ['--experimental-strip-types', '--input-type=module', '-e', program], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const reader = createReadStream(pipe, 'utf8');
    expect(await once(reader, 'data')).toEqual(['alive\n']);
    crashing.stdin.write('now');
    await once(reader, 'end');
  });

  const refusals: [string, () => Promise<unknown>, string][] = [
    ['an id that is none', () => launch({ instanceId: 'host-1' }), 'InvalidInstanceID.Malformed'],
    ['an id in use', () => launch().then(() => launch()), 'InvalidParameterValue'],
    ['to stop what is not there', () => ec2.hosts.stop(HOST), 'InvalidInstanceID.NotFound'],
    [
      'to reboot what is stopped',
      () => launch().then(() => ec2.hosts.stop(HOST).then(() => ec2.hosts.reboot(HOST))),
      'IncorrectInstanceState',
    ],
    [
      'to start what is gone',
      () => launch().then(() => ec2.hosts.kill(HOST).then(() => ec2.hosts.start(HOST))),
      'IncorrectInstanceState',
    ],
  ];
  it.each(refusals)('refuses %s', async (_, call, code) => {
    await expect(call()).rejects.toMatchObject({ code });
  });
});

describe('the API', () => {
  const profile = { IamInstanceProfile: { Name: 'baton-host' } };
  const tags = { TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'worker' }] }] };

  it('runs, describes, stops and terminates instances', async () => {
    const run = await act(ec2, 'RunInstances', { MinCount: 1, MaxCount: 2, ...profile, ...tags });
    const ids = (run['Instances'] as { InstanceId: string }[]).map(({ InstanceId }) => InstanceId);
    expect(ids).toHaveLength(2);
    const [first] = ids;
    expect(await act(ec2, 'StopInstances', { InstanceIds: [first] })).toEqual({
      StoppingInstances: [
        {
          InstanceId: first,
          PreviousState: { Code: 16, Name: 'running' },
          CurrentState: { Code: 80, Name: 'stopped' },
        },
      ],
    });
    const Filters = [
      { Name: 'tag:Name', Values: ['work*'] },
      { Name: 'instance-state-name', Values: ['running'] },
    ];
    const { Reservations } = (await act(ec2, 'DescribeInstances', { Filters })) as { Reservations: JsonObject[] };
    expect(Reservations).toMatchObject([
      { Instances: [{ InstanceId: ids[1], Tags: [{ Key: 'Name', Value: 'worker' }] }] },
    ]);
    const { InstanceStatuses } = await act(ec2, 'DescribeInstanceStatus');
    expect(InstanceStatuses).toMatchObject([{ InstanceId: ids[1], InstanceStatus: { Status: 'ok' } }]);
    await act(ec2, 'TerminateInstances', { InstanceIds: ids });
    expect(ec2.hosts.list().map(({ state }) => state)).toEqual(['terminated', 'terminated']);
  });

  const refusals: [string, string, JsonObject, string][] = [
    ['RunInstances', 'no count', profile, 'MissingParameter'],
    ['RunInstances', 'no role', { MinCount: 1, MaxCount: 1 }, 'InvalidParameterValue'],
    ['TerminateInstances', 'no instance', {}, 'MissingParameter'],
    ['DescribeInstances', 'an unknown instance', { InstanceIds: [HOST] }, 'InvalidInstanceID.NotFound'],
    ['DescribeInstances', 'an unknown filter', { Filters: [{ Name: 'vpc-id' }] }, 'InvalidParameterValue'],
  ];
  it.each(refusals)('refuses %s with %s', async (action, _, input, code) => {
    await expect(act(ec2, action, input)).rejects.toMatchObject({ code });
  });
});
