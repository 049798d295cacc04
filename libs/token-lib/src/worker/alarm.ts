import { errorName } from '../send-task-errors.ts';

/** A line for who looks after the worker. Of an error its name, and what Baton says itself: all else may hold a token (L3). */
export function alarm(message: string, error: unknown, about: object): void {
  const why = error instanceof Error && error.name.startsWith('Baton.') ? error.message : undefined;
  console.error(JSON.stringify({ level: 'alarm', message, ...about, error: errorName(error), why }));
}
