/** What programs on a host need of the world, and how they ask Baton. */
import { backoff, type CallbackId, type Millis } from '@baton/token-lib';
import type { CallWorld } from './call.ts';
import type { Completer } from './completer.ts';
import type { Invoked } from './functions.ts';
import type { Host } from './host.ts';
import { type Client, request, type Reply } from './http.ts';
import type { Oracle } from './oracle.ts';
import type { Process } from './process.ts';
import type { Attempt } from './step-functions.ts';

export interface NotifierWorld extends CallWorld {
  readonly completer: Completer;
  /** Nobody means harm. */
  readonly isSafe: boolean;
  readonly oracle: Oracle;
  readonly attemptOf: (callbackId: CallbackId) => Attempt;
}

/** Asks until there is an answer for good, a refusal, or no patience left. */
export async function persist<T>(
  { time, chance }: NotifierWorld,
  process: Process,
  ask: () => Promise<Reply<T>>,
  deadline: Millis,
  isProvisional: (answer: T) => boolean = () => false,
): Promise<Reply<T>> {
  for (let failures = 1; ; failures += 1) {
    const reply = await ask();
    if (reply.kind === 'refused' || (reply.kind === 'answered' && !isProvisional(reply.answer))) return reply;
    const pause = backoff(failures, chance.fraction());
    if (time.now() + pause > deadline) return reply;
    await process.pause(pause);
  }
}

/** A request of a program on a host. */
export function ofHost<T>(
  world: NotifierWorld,
  host: Host,
  process: Process,
  what: string,
  callbackId: CallbackId,
  timeout: Millis,
  arrive: () => Promise<Invoked<T>>,
): Promise<Reply<T>> {
  const client: Client = { process, isCutOff: () => host.isCutOff() };
  const piece = world.attemptOf(callbackId).piece.name;
  return request(world, client, { what, piece, timeout, arrive });
}
