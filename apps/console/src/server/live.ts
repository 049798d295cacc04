/** Keeps the list of open callbacks up to date, and tells every open page when something has changed: server-sent events. */
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { ConsoleWorld } from './console-world.ts';
import { createWaitingList, type WaitingList } from './waiting-list.ts';

export interface Live {
  /** Undefined where there is no platform. */
  readonly waiting: WaitingList | undefined;
  /** Reads again soon, and tells the pages. */
  changed(callbackId?: string): void;
  stream(context: Context): Response;
  close(): void;
}

/** Changes that come together are told together. */
const GATHER_MILLIS = 150;
const KEEP_ALIVE_MILLIS = 15_000;

export function createLive(world: ConsoleWorld): Live {
  const waiting = world.callbacks && createWaitingList(world.callbacks.records, world.now);
  const pages = new Set<() => void>();
  let counted = 0;
  let gathering: NodeJS.Timeout | undefined;
  let trouble: string | undefined;

  const tell = (): void => {
    counted += 1;
    for (const page of pages) page();
  };
  const look = async (): Promise<void> => {
    gathering = undefined;
    try {
      await waiting?.refresh();
      trouble = undefined;
    } catch (error) {
      trouble = (error as Error).message;
    }
    tell();
  };
  const changed = (callbackId?: string): void => {
    if (callbackId !== undefined) waiting?.touch(callbackId);
    gathering ??= setTimeout(() => void look(), GATHER_MILLIS);
  };
  const unwatch = world.watch?.(changed);
  const poll = setInterval(() => {
    if (pages.size > 0) changed();
  }, world.pollMillis).unref();
  changed();

  return {
    waiting,
    changed,
    stream: (context) =>
      streamSSE(context, async (sse) => {
        const send = (): Promise<void> => sse.writeSSE({ data: JSON.stringify({ counted, trouble }) });
        const page = (): void => void send();
        pages.add(page);
        changed();
        const ended = new Promise<void>((resolve) => sse.onAbort(resolve));
        const keepAlive = setInterval(page, KEEP_ALIVE_MILLIS).unref();
        await send();
        await ended;
        clearInterval(keepAlive);
        pages.delete(page);
      }),
    close() {
      clearTimeout(gathering);
      clearInterval(poll);
      unwatch?.();
    },
  };
}
