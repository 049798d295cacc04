import { createLocalAws, type LocalAws } from '../../local-aws.ts';
import type { Steps } from '../../kernel/call.ts';
import type { ManualClock } from '../../kernel/clock/manual-clock.ts';
import type { JsonObject } from '../../kernel/service.ts';

/** Step Functions on a manual clock, for tests. */
export interface Stage {
  readonly aws: LocalAws<ManualClock>;
  /** An action of Step Functions. */
  call(action: string, input: JsonObject): Promise<JsonObject>;
  createMachine(states: JsonObject, name?: string): Promise<string>;
  start(stateMachineArn: string, input?: unknown, name?: string): Promise<string>;
  /** Describes the execution once nothing more can happen at this instant. */
  describe(executionArn: string): Promise<JsonObject>;
  history(executionArn: string): Promise<readonly JsonObject[]>;
  /** The token that the latest waiting task has given out, from the history. */
  token(executionArn: string): Promise<string>;
}

export const ROLE = 'arn:aws:iam::123456789012:role/machine';

export function createStage(steps: Steps = {}): Stage {
  const aws = createLocalAws({ clock: 'manual', steps });
  const call = (action: string, input: JsonObject) => aws.call(`states:${action}`, input);
  let machines = 0;
  const history = async (executionArn: string) => {
    await aws.activity.idle();
    return (await call('GetExecutionHistory', { executionArn, maxResults: 1000 }))['events'] as JsonObject[];
  };
  return {
    aws,
    call,
    history,
    async createMachine(states, name = `machine-${++machines}`) {
      const definition = JSON.stringify({ StartAt: Object.keys(states)[0], States: states });
      return (await call('CreateStateMachine', { name, definition, roleArn: ROLE }))['stateMachineArn'] as string;
    },
    async start(stateMachineArn, input = {}, name) {
      const request = { stateMachineArn, input: JSON.stringify(input), ...(name !== undefined && { name }) };
      return (await call('StartExecution', request))['executionArn'] as string;
    },
    async describe(executionArn) {
      await aws.activity.idle();
      return call('DescribeExecution', { executionArn });
    },
    async token(executionArn) {
      const events = await history(executionArn);
      const scheduled = events.findLast(({ type }) => type === 'TaskScheduled');
      const details = scheduled?.['taskScheduledEventDetails'] as { parameters: string };
      return /AQC[\w+/=]+/.exec(details.parameters)?.[0] ?? '';
    },
  };
}

/** A task that sends its token to a queue and waits for its outcome. Nobody has to receive the message. */
export async function waitingTask(stage: Stage, rest: JsonObject = { End: true }): Promise<JsonObject> {
  const { QueueUrl } = await stage.aws.call('sqs:CreateQueue', { QueueName: 'work' });
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
    Parameters: { QueueUrl, MessageBody: { 'token.$': '$$.Task.Token' } },
    ...rest,
  };
}
