import type { LegacyAction as Action } from '../../../kit/legacy.ts';
import type { Driver } from '../run/driver.ts';
import type { Attempt } from '../run/execution-record.ts';
import { jsonProblem } from './json-text.ts';
import { invalidOutput } from './refusals.ts';
import { optional, readRequest, required, text } from './request.ts';
import type { TaskTokens } from '../run/task-tokens.ts';

/** What workers say, by token. None of it is idempotent: a token dies with the first answer. */
export function createTaskActions(tokens: TaskTokens<Attempt>, driver: Driver): Record<string, Action> {
  const taskToken = required(text({ min: 1, max: 2048 }));
  return {
    SendTaskSuccess(input) {
      const output = required(text({ max: 262_144, sensitive: true }));
      const request = readRequest(input, { taskToken, output });
      const attempt = tokens.find(request.taskToken);
      const problem = jsonProblem(request.output);
      if (problem !== undefined) throw invalidOutput(problem);
      driver.answer(attempt, { type: 'taskSucceeded', output: request.output });
      return {};
    },

    SendTaskFailure(input) {
      const request = readRequest(input, {
        taskToken,
        error: optional(text({ max: 256, sensitive: true })),
        cause: optional(text({ max: 32_768, sensitive: true })),
      });
      const { error, cause } = request;
      const attempt = tokens.find(request.taskToken);
      const outcome = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
      driver.answer(attempt, { type: 'taskFailed', ...outcome });
      return {};
    },

    SendTaskHeartbeat(input) {
      const { record, task } = tokens.find(readRequest(input, { taskToken }).taskToken);
      driver.feed(record, { type: 'taskHeartbeat', task });
      return {};
    },
  };
}
