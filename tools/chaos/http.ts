/** A client's request to Baton's HTTP API: the network between them may lose, delay or repeat it. */
import { BatonError, type Millis, seconds } from '@baton/token-lib';
import type { CallWorld } from './call.ts';
import { FAULTS } from './faults.ts';
import type { Invoked } from './functions.ts';
import type { Process } from './process.ts';

export interface Client {
  readonly process: Process;
  /** Its network is gone. */
  readonly isCutOff: () => boolean;
}

export type Reply<T> =
  | { readonly kind: 'answered'; readonly answer: T }
  /** The same request may work soon. */
  | { readonly kind: 'temporary' }
  /** Baton read it and refused it. */
  | { readonly kind: 'refused' };

export interface Request<T> {
  readonly what: string;
  readonly piece: string | undefined;
  readonly timeout: Millis;
  /** What the API does with it: an invocation for each request that arrives. */
  readonly arrive: () => Promise<Invoked<T>>;
}

const TEMPORARY = { kind: 'temporary' } as const;

export function request<T>(world: CallWorld, client: Client, asked: Request<T>): Promise<Reply<T>> {
  const { time, chance } = world;
  const { process } = client;
  const fault = world.faults.at(asked.what, FAULTS, asked.piece);
  if (fault !== undefined) world.touch(asked.piece);
  world.note(asked.piece, fault === undefined ? `asks: ${asked.what}` : `asks: ${asked.what}: ${fault}`);
  return new Promise((resolve) => {
    const answer = (reply: Reply<T>) => {
      patience.cancel();
      process.resume(() => resolve(reply));
    };
    const patience = time.after(asked.timeout, () => answer(TEMPORARY));
    if (fault === 'crash before') return process.kill();
    if (client.isCutOff()) {
      world.touch(asked.piece);
      return void time.after(chance.between(1, asked.timeout), () => answer(TEMPORARY));
    }
    if (fault === 'not delivered') return;
    if (fault === 'throttled') return void time.after(chance.between(5, 50), () => answer(TEMPORARY));
    time.after(fault === 'slow' ? chance.between(100, seconds(6)) : chance.between(5, 50), () => {
      if (fault === 'duplicated') time.after(chance.between(1, seconds(3)), () => void asked.arrive());
      if (fault === 'crash after') process.kill();
      void asked.arrive().then((invoked) => {
        // The connection broke: the client knows at once, and not what became of its request.
        if (fault === 'answer lost' || client.isCutOff()) return answer(TEMPORARY);
        if (fault === 'frozen') process.freeze(chance.between(seconds(1), seconds(25)));
        time.after(chance.between(5, 50), () => answer(replyTo(invoked)));
      });
    });
  });
}

function replyTo<T>(invoked: Invoked<T>): Reply<T> {
  switch (invoked.end) {
    case 'returned':
      return { kind: 'answered', answer: invoked.value };
    case 'crashed':
      return TEMPORARY;
    case 'threw': {
      const { error } = invoked;
      const isRefusal =
        error instanceof BatonError && ['Forbidden', 'NotClaimHolder', 'InvalidRequest'].includes(error.code);
      return isRefusal ? { kind: 'refused' } : TEMPORARY;
    }
  }
}
