import type { LocalAws } from '@baton/local-aws';
import type { Deployment } from '../platform.ts';
import { roleArn } from '../resources.ts';
import { names } from '../wiring.ts';
import { goldenHistory, type GoldenEvent, type HistoryEvent } from './golden-history.ts';
import type { Watch } from './watch.ts';

export interface Ended {
  readonly status: string;
  readonly output: unknown;
  readonly error: string | undefined;
  readonly cause: string | undefined;
}

/** Executions of state machines with one waiting state, and how any execution ended. */
export interface Executions {
  /** Starts an execution whose one state waits for this work, handed to the dispatcher. Returns its ARN. */
  start(work: object, options?: { readonly timeoutSeconds?: number }): Promise<string>;
  /** Starts an execution that sends its raw token to the queue (direct mode). Returns its ARN. */
  startDirect(queueUrl: string, work?: unknown): Promise<string>;
  /** Creates a state machine whose first state is this task. Returns its ARN. */
  createMachine(task: object, options?: { readonly timeoutSeconds?: number }): Promise<string>;
  startMachine(stateMachineArn: string, input?: unknown, name?: string): Promise<string>;
  /** Resolves with the callbackId as soon as the dispatcher has handed the work over, and has stored that it has. */
  dispatched(executionArn: string): Promise<string>;
  /** Resolves when the execution has ended. */
  ended(executionArn: string): Promise<Ended>;
  historyOf(executionArn: string): Promise<readonly GoldenEvent[]>;
}

export function executionsOn(aws: LocalAws, seen: Watch, deployment: Deployment): Executions {
  const createMachine: Executions['createMachine'] = async (task, { timeoutSeconds = 3600 } = {}) => {
    const wait = { Type: 'Task', ...task, TimeoutSeconds: timeoutSeconds, Next: 'After' };
    const { stateMachineArn } = await aws.call('states:CreateStateMachine', {
      name: `waits-${aws.world.uuid()}`,
      definition: JSON.stringify({ StartAt: 'Wait', States: { Wait: wait, After: { Type: 'Pass', End: true } } }),
      roleArn: roleArn(aws, names.workflowRole),
    });
    return String(stateMachineArn);
  };
  const startMachine: Executions['startMachine'] = async (stateMachineArn, input = {}, name) => {
    const start = { stateMachineArn, input: JSON.stringify(input), ...(name !== undefined && { name }) };
    return String((await aws.call('states:StartExecution', start))['executionArn']);
  };
  return {
    createMachine,
    startMachine,
    start: async (work, { timeoutSeconds = 3600 } = {}) =>
      startMachine(await createMachine(dispatching(deployment, { timeoutSeconds, ...work }), { timeoutSeconds })),
    startDirect: async (queueUrl, work = 1) => startMachine(await createMachine(sending(queueUrl, work))),
    dispatched: (executionArn) => seen.when(() => dispatchedId(seen, executionArn)),
    async ended(executionArn) {
      await seen.executionEnded(executionArn);
      const described = await aws.call('states:DescribeExecution', { executionArn });
      const { status, output, error, cause } = described as Record<string, string | undefined>;
      return { status: String(status), output: output === undefined ? undefined : JSON.parse(output), error, cause };
    },
    async historyOf(executionArn) {
      const { events } = await aws.call('states:GetExecutionHistory', { executionArn, maxResults: 1000 });
      return goldenHistory(events as HistoryEvent[]);
    },
  };
}

/** A task that hands its token and this work to the dispatcher. */
export const dispatching = ({ dispatcherFunctionArn }: Pick<Deployment, 'dispatcherFunctionArn'>, work: object) => ({
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Parameters: {
    FunctionName: dispatcherFunctionArn,
    Payload: {
      'taskToken.$': '$$.Task.Token',
      context: {
        'executionArn.$': '$$.Execution.Id',
        'state.$': '$$.State.Name',
        'enteredTime.$': '$$.State.EnteredTime',
        'retryCount.$': '$$.State.RetryCount',
      },
      work,
    },
  },
});

const sending = (QueueUrl: string, work: unknown) => ({
  Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
  Parameters: { QueueUrl, MessageBody: { 'TaskToken.$': '$$.Task.Token', work } },
});

function dispatchedId({ calls }: Watch, executionArn: string): string | undefined {
  const rows = calls.filter(({ action }) => action === 'PutItem').map(({ input }) => JSON.stringify(input));
  const row = rows.find((text) => text.includes('"Dispatched"') && text.includes(executionArn));
  return row && /"callbackId":\{"S":"(\w+)"/.exec(row)?.[1];
}
