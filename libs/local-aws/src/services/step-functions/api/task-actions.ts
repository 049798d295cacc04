import { action, type UnboundAction } from '../../../kit/action.ts';
import { optional, required, text } from '../../../kit/reader.ts';
import { jsonProblem } from '../json-text.ts';
import { invalidOutput } from '../refusals.ts';
import type { Runtime } from '../run/runtime.ts';

const taskToken = required(text({ min: 1, max: 2048 }));

/**
 * What workers report, by token. None of it is idempotent: a token dies with the first outcome. [recorded]
 *
 * IAM sees the state machine, or the activity for an activity's task, also when the task is over. [AWS's own refusals name it, though the
 * Service Authorization Reference does not] What is no token names nothing and is refused before IAM is asked. [guessed]
 */
export function taskActions({ tokens, driver }: Runtime): Record<string, UnboundAction> {
  const evidence = 'recorded';
  return {
    SendTaskSuccess: action(
      { taskToken, output: required(text({ max: 262_144, sensitive: true })) },
      {
        resources: (request) => [tokens.ownerOf(request.taskToken)],
        evidence,
        run(request) {
          const attempt = tokens.find(request.taskToken);
          const problem = jsonProblem(request.output);
          if (problem !== undefined) throw invalidOutput(problem);
          driver.report(attempt, { type: 'taskSucceeded', output: request.output });
          return {};
        },
      },
    ),

    SendTaskFailure: action(
      {
        taskToken,
        error: optional(text({ max: 256, sensitive: true })),
        cause: optional(text({ max: 32_768, sensitive: true })),
      },
      {
        resources: (request) => [tokens.ownerOf(request.taskToken)],
        evidence,
        run({ error, cause, ...request }) {
          const attempt = tokens.find(request.taskToken);
          const outcome = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
          driver.report(attempt, { type: 'taskFailed', ...outcome });
          return {};
        },
      },
    ),

    SendTaskHeartbeat: action(
      { taskToken },
      {
        resources: (request) => [tokens.ownerOf(request.taskToken)],
        evidence,
        run(request) {
          const { record, task } = tokens.find(request.taskToken);
          driver.feed(record, { type: 'taskHeartbeat', task });
          return {};
        },
      },
    ),
  };
}
