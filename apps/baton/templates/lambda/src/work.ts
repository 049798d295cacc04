import type { WorkContext } from '@baton/worker';

export interface Book {
  readonly pages: number;
}

/** The work. The signal is aborted when nobody waits for it any more; heartbeats may say how far it has come. */
export async function print({ pages }: Book, { signal, heartbeat }: WorkContext) {
  for (let page = 1; page <= pages; page += 1) {
    signal.throwIfAborted();
    if (page % 5 === 0) await heartbeat({ page, of: pages });
  }
  return { printed: pages };
}
