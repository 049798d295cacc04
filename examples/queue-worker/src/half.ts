import { randomUUID } from 'node:crypto';

export interface NumberRequest {
  /** The input of the execution. */
  readonly request: { readonly number: number; readonly trouble?: Trouble };
  /** The retry that the message belongs to: 0 for the first attempt. */
  readonly attempt?: number;
}

/** What goes wrong on demand, so that it can be seen. */
export interface Trouble {
  /** Attempts that meet a busy worker. */
  readonly busyAttempts?: number;
  /** The process ends without a word, as a poison message makes it. */
  readonly crashes?: 'half' | 'stock';
}

/**
 * Halves even numbers. It knows nothing of queues, tokens and heartbeats: what it returns is the result of the state, what it throws
 * the error, by its name.
 * @throws {Error} `OddNumber` for good, `WorkerBusy` for now
 */
export async function half({ request: { number, trouble = {} }, attempt = 0 }: NumberRequest) {
  if (trouble.crashes === 'half') process.exit(1);
  if (attempt < (trouble.busyAttempts ?? 0)) throw named('WorkerBusy', `attempt ${attempt} met a busy worker`);
  if (number % 2 !== 0) throw named('OddNumber', `${number} is odd`);
  return { half: number / 2, requestId: randomUUID() };
}

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });
