/**
 * The work. These functions know nothing of queues, tokens and heartbeats: what one returns is the result of the state, what it throws is
 * the error, by its name.
 */
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
  /** The process of this worker ends without a word, as a poison message makes it. */
  readonly crashes?: 'half' | 'stock';
}

/** Halves even numbers. @throws {Error} `OddNumber`, which is final, or `WorkerBusy`, which a retry may mend */
export async function half({ request: { number, trouble = {} }, attempt = 0 }: NumberRequest) {
  if (trouble.crashes === 'half') process.exit(1);
  if (attempt < (trouble.busyAttempts ?? 0)) throw named('WorkerBusy', `attempt ${attempt} met a busy worker`);
  if (number % 2 !== 0) throw named('OddNumber', `${number} is odd`);
  return { half: number / 2, requestId: randomUUID() };
}

const CENTS_EACH = 250;

/** Returns what that many cost. */
export const price = async ({ request }: NumberRequest) => ({ price: request.number * CENTS_EACH });

const IN_STOCK = 1_000;

/** Returns whether that many are there. */
export async function stock({ request: { number, trouble = {} } }: NumberRequest) {
  if (trouble.crashes === 'stock') process.exit(1);
  return { stock: { there: IN_STOCK, enough: number <= IN_STOCK } };
}

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });
