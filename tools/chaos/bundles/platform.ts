/** The local platform of the harness: its built bundles, with functions that can be made to die in the middle of a call. */
import { AwsError, createLocalAws, type LocalAws, type LocalAwsOptions } from '@baton/local-aws';
import { deployPlatform, names, type Deployment } from '@baton/local-platform';
import { createTestRoles } from '@baton/local-platform/testing';
import type { Crash, Guard } from './plan.ts';

export interface ChaosPlatform {
  readonly aws: LocalAws;
  readonly deployment: Deployment;
  readonly stateMachineArn: string;
  /** From now on, calls are counted anew, and these functions die at theirs. */
  expect(crashes: readonly Crash[]): void;
}

/** As short as a busy machine can keep up with. */
const HEARTBEAT_SECONDS = 10;
const TIMEOUT_SECONDS = 180;
const MAX_RETRIES = 10;

type Fault = NonNullable<NonNullable<LocalAwsOptions['steps']>['fault']>;
type JsonObject = Awaited<ReturnType<Fault>>;

/** What Lambda's pollers do in a function's name is not the function's. */
const OF_POLLERS = new Set(['ReceiveMessage', 'DeleteMessageBatch']);

/**
 * @param without `wait`: what is read does not say which attempt was before, so a claim waits for no earlier run
 * @param onCrash told of each function that dies
 */
export async function startChaosPlatform(
  without: Guard | undefined,
  onCrash: (what: string) => void,
): Promise<ChaosPlatform> {
  let crashes: readonly Crash[] = [];
  const calls = new Map<string, number>();
  const fault: Fault = async (call, act) => {
    if (OF_POLLERS.has(call.action)) return act();
    if (without === 'wait' && call.action === 'GetItem') return forgetful(await act());
    const caller = call.caller.principalArn.split('/').at(-1) ?? '';
    const count = (calls.get(caller) ?? 0) + 1;
    calls.set(caller, count);
    const crash = crashes.find((each) => names.function(each.function) === caller && each.call === count);
    if (crash === undefined) return act();
    onCrash(`${crash.function} dies ${crash.after ? 'after' : 'before'} ${call.service}:${call.action}`);
    if (crash.after) await act();
    await aws.lambda.crash(caller);
    throw new AwsError('ServiceUnavailable', 'Whoever called has died.', 503);
  };
  const aws = createLocalAws({ iam: 'on', steps: { fault } });
  await aws.listen();
  const deployment = await deployPlatform(aws);
  await createTestRoles(aws, deployment);
  const { stateMachineArn } = await aws.call('states:CreateStateMachine', {
    name: 'chaos',
    definition: JSON.stringify(definition(deployment)),
    roleArn: `arn:aws:iam::${aws.world.accountId}:role/${names.workflowRole}`,
  });
  return {
    aws,
    deployment,
    stateMachineArn: String(stateMachineArn),
    expect(next) {
      crashes = next;
      calls.clear();
    },
  };
}

function forgetful({ Item, ...rest }: JsonObject): JsonObject {
  if (Item === undefined) return rest;
  const { supersedes: _, ...attributes } = Item as JsonObject;
  return { ...rest, Item: attributes };
}

/** One job, which each further attempt takes to another host. */
const definition = ({ dispatcherFunctionArn }: Deployment): object => ({
  StartAt: 'Job',
  States: {
    Job: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Parameters: {
        FunctionName: dispatcherFunctionArn,
        Payload: {
          'taskToken.$': '$$.Task.Token',
          context: {
            'executionArn.$': '$$.Execution.Id',
            'redriveCount.$': '$$.Execution.RedriveCount',
            'state.$': '$$.State.Name',
            'enteredTime.$': '$$.State.EnteredTime',
            'retryCount.$': '$$.State.RetryCount',
          },
          work: {
            kind: 'ssm',
            'instanceId.$': 'States.ArrayGetItem($.hosts, $$.State.RetryCount)',
            'command.$': '$.command',
            timeoutSeconds: TIMEOUT_SECONDS,
            heartbeatSeconds: HEARTBEAT_SECONDS,
          },
        },
      },
      TimeoutSeconds: TIMEOUT_SECONDS,
      HeartbeatSeconds: HEARTBEAT_SECONDS,
      Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: MAX_RETRIES }],
      End: true,
    },
  },
});

/** The hosts of the first attempt and of each further one. */
export const hostsOf = (instanceIds: readonly string[], first: number): string[] =>
  Array.from({ length: MAX_RETRIES + 1 }, (_, attempt) => instanceIds[(first + attempt) % instanceIds.length] ?? '');
