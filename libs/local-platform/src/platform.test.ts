import { createLocalAws } from '@baton/local-aws';
import { expect, test } from 'vitest';
import { deployPlatform } from './platform.ts';
import { watch } from './testing/watch.ts';

test('the completer hears how an execution ended, whatever its state machine is called', async () => {
  const aws = createLocalAws();
  const seen = watch(aws);
  await aws.listen();
  await deployPlatform(aws);
  const { stateMachineArn } = await aws.call('states:CreateStateMachine', {
    name: 'orders',
    definition: JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } }),
    roleArn: `arn:aws:iam::${aws.world.accountId}:role/baton-workflow`,
  });
  await aws.call('states:StartExecution', { stateMachineArn });
  const ended = await seen.when(() => seen.events.find(({ detail }) => detail['status'] === 'SUCCEEDED'));

  const { EventPattern } = await aws.call('events:DescribeRule', { Name: 'baton-execution-ended' });
  const Event = JSON.stringify({ id: '1', account: '1', time: '1', region: '1', ...ended });
  expect(await aws.call('events:TestEventPattern', { EventPattern, Event })).toEqual({ Result: true });
  await aws.close();
});
