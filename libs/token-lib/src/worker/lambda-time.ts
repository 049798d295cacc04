import type { Context } from 'aws-lambda';
import { type Millis, seconds } from '../wire/millis.ts';
import type { Host } from './run-work.ts';

/** As called by Lambda, or by middy, which passes a signal that it aborts when the invocation times out. */
export type WorkerHandler<Lambda extends Context, Answer> = (
  event: unknown,
  lambda?: Lambda,
  by?: { readonly signal?: AbortSignal },
) => Promise<Answer>;

/** Leaves time to return which messages must come again; if Lambda ended the function, all of them would. */
const usable = (left: Millis): Millis => left - Math.min(left / 10, seconds(1));

/** Without a context, as in tests, the time is unlimited. */
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
