/** Says in one sentence why a callback waits, what causes that, and what mends it. Pure: whoever asks has gathered the facts. */
import type { Callback } from '../lifecycle/callback.ts';
import type { Millis } from '../wire/millis.ts';

export interface Facts {
  readonly row: Callback;
  readonly now: Millis;
}

export interface Diagnosis {
  /** Why it waits, e.g. `no claim for 40 s`. */
  readonly sentence: string;
  /** A name for scripts and tests. */
  readonly cause: string;
  /** What to do about it; absent where nothing has to be done. */
  readonly remedy?: string | undefined;
  readonly tone: 'calm' | 'watch' | 'trouble';
}

/** `42 s`, `3 min`, `2 h 14 min`, `3 d`. */
export function sayDuration(milliseconds: number): string {
  const whole = Math.max(0, Math.round(milliseconds / 1000));
  if (whole < 120) return `${whole} s`;
  if (whole < 7_200) return `${Math.floor(whole / 60)} min`;
  if (whole < 172_800) return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`;
  return `${Math.floor(whole / 86_400)} d`;
}

export function diagnose({ row, now }: Facts): Diagnosis {
  if (row.state === 'Settling')
    return {
      sentence: `Step Functions not told for ${sayDuration(now - row.decidedAt)}`,
      cause: 'settling',
      tone: 'watch',
    };
  if (row.run === undefined)
    return { sentence: `no claim for ${sayDuration(now - row.createdAt)}`, cause: 'unclaimed', tone: 'watch' };
  return { sentence: `running for ${sayDuration(now - row.run.claimedAt)}`, cause: 'running', tone: 'calm' };
}
