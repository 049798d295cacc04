/** Lambda: an invocation has its time, may be killed at any step, and what it throws is seen. */
import { type Millis, seconds } from '@baton/token-lib';
import { type Ports, portsOf, type Services } from './ports.ts';
import { startProcess } from './process.ts';

export interface Invocation<T> {
  /** As apps have it, e.g. `completer-http`. */
  readonly name: string;
  readonly timeout: Millis;
  /** The codes of Baton's errors that it may throw. */
  readonly expected: readonly string[];
  readonly handle: (ports: Ports) => Promise<T>;
  /** The piece of work that it is for. */
  readonly piece?: string | undefined;
}

export type Invoked<T> =
  | { readonly end: 'returned'; readonly value: T }
  | { readonly end: 'threw'; readonly error: unknown }
  /** Killed, or out of time: nobody knows how far it came. */
  | { readonly end: 'crashed' };

export function invoke<T>(services: Services, invocation: Invocation<T>): Promise<Invoked<T>> {
  const { time, oracle } = services;
  const { name, timeout, expected, handle, piece } = invocation;
  return new Promise((resolve) => {
    const process = startProcess(time, () => {
      oracle.touch(piece);
      limit.cancel();
      resolve({ end: 'crashed' });
    });
    const limit = time.after(timeout, () => process.kill());
    const ended = (invoked: Invoked<T>): void => {
      if (!process.lives()) return;
      limit.cancel();
      process.end();
      resolve(invoked);
    };
    handle(portsOf(services, process, piece)).then(
      (value) => ended({ end: 'returned', value }),
      (error: unknown) => {
        oracle.thrown(name, error, expected);
        ended({ end: 'threw', error });
      },
    );
  });
}

/** As wiring/functions.json has them. */
export const TIMEOUTS = {
  dispatcher: seconds(30),
  http: seconds(29),
  queue: seconds(30),
  destinations: seconds(30),
  events: seconds(60),
  schedule: seconds(60),
} as const;
