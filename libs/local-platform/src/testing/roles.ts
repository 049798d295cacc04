import type { LocalAws } from '@baton/local-aws';
import { report, type Statement } from '../policies.ts';
import type { Deployment } from '../platform.ts';
import { createRole } from '../roles.ts';
import { names } from '../wiring.ts';

const statement = (sid: string, actions: string[], resources: string[]): Statement => ({
  sid,
  actions,
  resources,
  conditions: [],
});

/** The roles of the workers and state machines that tests make: they may do what any of them does. */
export async function createTestRoles(aws: LocalAws, deployment: Deployment): Promise<void> {
  const { region, accountId } = aws.world;
  const any = (service: string, resource: string): string[] => [
    `arn:aws:${service}:${region}:${accountId}:${resource}`,
  ];
  const queues = any('sqs', '*');
  await createRole(aws, {
    name: names.workerRole,
    service: 'lambda.amazonaws.com',
    statements: [
      report('Report', deployment.apiExecutionArn),
      statement('TakeAndReport', ['sqs:*'], queues),
      statement('TellFailedEvents', ['lambda:InvokeFunction'], [deployment.destinationFunctionArn]),
      statement(
        'Settle',
        ['states:SendTaskFailure', 'states:SendTaskHeartbeat', 'states:SendTaskSuccess'],
        any('states', 'stateMachine:*'),
      ),
    ],
  });
  await createRole(aws, {
    name: names.workflowRole,
    service: 'states.amazonaws.com',
    statements: [
      statement('Dispatch', ['lambda:InvokeFunction'], [deployment.dispatcherFunctionArn]),
      statement('Send', ['sqs:SendMessage'], queues),
    ],
  });
}
