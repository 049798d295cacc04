import type { TestWorker } from '@baton/testing';

/** A worker whose jobs take as long as the play wants, and who stops when it is told to. */
export interface LongJob {
  readonly worker: TestWorker;
  /** Ends the jobs that still run, as done. */
  finish(): void;
  /** When each job was told to stop. */
  readonly stoppedAt: readonly Date[];
  readonly running: number;
  /** The most that ran at one time. */
  readonly mostAtOnce: number;
}

export function longJob(now: () => Date): LongJob {
  const open = new Set<() => void>();
  const stoppedAt: Date[] = [];
  let mostAtOnce = 0;
  const worker: TestWorker = (_input, { signal }) =>
    new Promise<object>((resolve) => {
      const end = (): void => {
        open.delete(end);
        resolve({ done: true });
      };
      open.add(end);
      mostAtOnce = Math.max(mostAtOnce, open.size);
      signal.addEventListener('abort', () => {
        stoppedAt.push(now());
        end();
      });
    });
  return {
    worker,
    finish: () => [...open].forEach((end) => end()),
    stoppedAt,
    get running() {
      return open.size;
    },
    get mostAtOnce() {
      return mostAtOnce;
    },
  };
}
