import type { Millis } from '../../../kernel/clock/clock.ts';

/** The API gives times as seconds since 1970, with milliseconds behind the point. */
export const toSeconds = (time: Millis): number => time / 1000;
