import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { act, createTestWorld, type TestWorld } from '../../test/test-world.ts';
import { createEc2, type Ec2 } from '../ec2/ec2.ts';
import type { JsonObject, ServiceEvent } from '../service.ts';
import { createSsm, type Ssm } from './ssm.ts';

const HOST = 'i-0123456789abcdef0';
let test: TestWorld;
let ec2: Ec2;
let ssm: Ssm;

beforeEach(async () => {
  test = createTestWorld();
  ec2 = createEc2(test.world);
  ssm = createSsm(test.world, ec2.hosts);
  await ec2.hosts.launch({ instanceId: HOST, roleName: 'baton-host', tags: { Name: 'worker' } });
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
const ended = (event: ServiceEvent): boolean =>
  event['detail-type'].startsWith('EC2 Command Invocation') &&
  ['Success', 'Failed', 'TimedOut', 'Cancelled'].includes(String(event.detail['status']));
const invocation = (CommandId: string): Promise<JsonObject> =>
  act(ssm, 'GetCommandInvocation', { CommandId, InstanceId: HOST });

describe('Run Command', () => {
  it('runs the script in the host and shows what it wrote', async () => {
    const CommandId = await send(['echo "from $AWS_SSM_INSTANCE_ID"', 'echo oops >&2', 'exit 3']);
    await test.eventually(ended);
    expect(await invocation(CommandId)).toMatchObject({
      Status: 'Failed',
      ResponseCode: 3,
      StandardOutputContent: `from ${HOST}\n`,
      StandardErrorContent: 'oops\n',
    });
  });
});
