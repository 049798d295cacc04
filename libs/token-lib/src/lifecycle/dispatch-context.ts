import { createHash } from 'node:crypto';
import * as z from 'zod/mini';

const count = z.number().check(z.int(), z.gte(0));

/**
 * Where a task token comes from: the part of the context object ($$) that the state machine passes. Nothing else is stored.
 */
export const DispatchContext = z.strictObject({
  /** $$.Execution.Id */
  executionArn: z.string().check(
    z.regex(/^arn:[^:]+:states:[^:]+:\d{12}:execution:[^:]+:[^:]+$/, {
      error: 'must be the ARN of a Standard execution: pass $$.Execution.Id',
    }),
  ),
  /** $$.Execution.RedriveCount; absent means none. */
  redriveCount: z.pipe(
    z.nullish(count),
    z.transform((value) => value ?? 0),
  ),
  /** $$.State.Name */
  state: z.string().check(z.minLength(1), z.maxLength(80)),
  /** $$.State.EnteredTime */
  enteredTime: z.iso.datetime({ error: 'must be a time in ISO 8601: pass $$.State.EnteredTime' }),
  /** $$.State.RetryCount: the attempt, which is the callback's epoch. */
  retryCount: count,
  /** $$.Map.Item.Index; needed inside a Map, where states of several iterations are entered at once. */
  mapIndex: z.optional(count),
});
export type DispatchContext = z.infer<typeof DispatchContext>;

/** Returns a key that all attempts (retries) of one piece of work share, and no other work has (L7). */
export function workKeyOf(context: DispatchContext): string {
  const { executionArn, redriveCount, state, enteredTime, mapIndex } = context;
  const parts = [executionArn, redriveCount, state, enteredTime, mapIndex ?? null];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
