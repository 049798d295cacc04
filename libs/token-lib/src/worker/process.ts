/**
 * What a worker takes from the process that it runs in: environment, clock, chance, pauses, a line of its log. A worker has
 * no main.ts of Baton's; this file stands for it, and nothing else in worker/ reads them.
 */
import { setTimeout } from 'node:timers/promises';
import { defaultSigner } from '../aws/default-signer.ts';
import { sayable } from '../wire/errors.ts';
import type { Millis } from '../wire/millis.ts';
import type { Signer } from '../wire/sign-request.ts';

export const environment = (): NodeJS.ProcessEnv => process.env;

/** @throws where the environment does not name a region */
export const ownSigner = (): Signer => defaultSigner(process.env);

export const now = (): Millis => Date.now();

/** From 0 to below 1. */
export const chance = (): number => Math.random();

/** Resolves after that long, or when the signal is aborted. */
export const pause = (duration: Millis, signal?: AbortSignal): Promise<void> =>
  setTimeout(duration, undefined, { ...(signal && { signal }) }).catch(() => undefined);

/** A line for whoever looks after the worker (L3: `sayable`). */
export const alarm = (message: string, error: unknown, about: object): void =>
  console.error(JSON.stringify({ level: 'alarm', message, ...about, ...sayable(error) }));
