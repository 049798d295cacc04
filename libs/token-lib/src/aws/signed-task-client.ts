import { classifySendTaskError } from '../send-task-errors.ts';
import type { TaskAnswer, TaskClient } from '../ports.ts';
import { revealTaskToken } from '../task-token.ts';
import { type AwsConnection, awsJson } from './signed-call.ts';

/** SendTask* by signed requests, for small bundles. One request a call: a repeated one reads like a timeout (L1). */
export function signedTaskClient(connection: AwsConnection): TaskClient {
  const send = async (action: string, input: object): Promise<TaskAnswer> => {
    try {
      await awsJson(connection, { service: 'states', target: `AWSStepFunctions.${action}`, version: '1.0' }, input);
      return { answer: 'accepted' };
    } catch (error) {
      return classifySendTaskError(error);
    }
  };
  return {
    completeTask(token, outcome) {
      const taskToken = revealTaskToken(token);
      if (outcome.type === 'success') return send('SendTaskSuccess', { taskToken, output: outcome.output });
      return send('SendTaskFailure', { taskToken, error: outcome.error, cause: outcome.cause });
    },
    heartbeat: (token) => send('SendTaskHeartbeat', { taskToken: revealTaskToken(token) }),
  };
}
