import type { Context } from 'aws-lambda';
import { type Millis, seconds } from '../wire/millis.ts';
import type { Host } from './run-work.ts';

/** As Lambda calls it, and as middy does, whose signal is aborted when middy gives the invocation up. */
export type WorkerHandler<Lambda extends Context, Answer> = (
  event: unknown,
  lambda?: Lambda,
  by?: { readonly signal?: AbortSignal },
) => Promise<Answer>;

/** Leaves time to say which messages are to come again: of a function that Lambda ends, all of them would. */
const usable = (left: Millis): Millis => left - Math.min(left / 10, seconds(1));

/** Without a context, as tests call handlers, time does not end. */
export async function withinLambdaTime<Lambda extends Context, Answer>(
  lambda: Lambda | undefined,
  signal: AbortSignal | undefined,
  run: (host: Host<Lambda>) => Promise<Answer>,
): Promise<Answer> {
  const nearlyOver = new AbortController();
  const left = lambda?.getRemainingTimeInMillis?.();
  const timer = left === undefined ? undefined : setTimeout(() => nearlyOver.abort(), usable(left));
  const ends = signal === undefined ? nearlyOver.signal : AbortSignal.any([nearlyOver.signal, signal]);
  try {
    return await run({ lambda: lambda ?? ({} as Lambda), ends });
  } finally {
    clearTimeout(timer);
  }
}
