import {
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import type { TaskClient } from '../ports.ts';
import type { TaskAnswer } from '../lifecycle/send-task-errors.ts';
import { classifySendTaskError } from '../lifecycle/send-task-errors.ts';
import { revealTaskToken } from '../wire/task-token.ts';

export { SFNClient } from '@aws-sdk/client-sfn';

/** @param client makes one attempt a call (`singleCalls`, L1), and has no logger: the SDK's own would print the token (L3) */
export function stepFunctionsTaskClient(client: SFNClient): TaskClient {
  const answered = (call: Promise<unknown>): Promise<TaskAnswer> =>
    call.then(() => ({ answer: 'accepted' }), classifySendTaskError);
  return {
    completeTask(token, outcome) {
      const taskToken = revealTaskToken(token);
      if (outcome.type === 'success') {
        return answered(client.send(new SendTaskSuccessCommand({ taskToken, output: outcome.output })));
      }
      const { error, cause } = outcome;
      return answered(client.send(new SendTaskFailureCommand({ taskToken, error, cause })));
    },
    heartbeat(token) {
      return answered(client.send(new SendTaskHeartbeatCommand({ taskToken: revealTaskToken(token) })));
    },
  };
}
