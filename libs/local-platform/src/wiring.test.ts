import { createLocalAws } from '@baton/local-aws';
import { expect, test } from 'vitest';
import { readEvents } from './wiring.ts';

const machine = (name: string) => `arn:aws:states:us-east-1:123456789012:stateMachine:${name}`;

test.each([
  ['of the platform', 'baton-orders', true],
  ["a child of the platform's Distributed Map", 'baton-orders/each', true],
  ['of somebody else', 'orders', false],
])('the end of an execution %s: told is %s', async (_, name, told) => {
  const aws = createLocalAws();
  const { rules } = readEvents({
    run_document_name: 'baton-run-job',
    state_machine_arns: machine('baton-*'),
    mail_configuration_set: 'baton-mail',
  });
  const event = {
    id: '1',
    account: '123456789012',
    time: '2026-03-01T12:00:00Z',
    region: 'us-east-1',
    resources: [],
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    detail: { stateMachineArn: machine(name), status: 'ABORTED' },
  };
  const answer = await aws.call('events:TestEventPattern', {
    EventPattern: JSON.stringify(rules['execution-ended']?.pattern),
    Event: JSON.stringify(event),
  });
  expect(answer).toEqual({ Result: told });
  await aws.close();
});
