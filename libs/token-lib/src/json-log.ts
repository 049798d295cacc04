import type { Log } from './ports.ts';

/** Lines for CloudWatch Logs: one JSON object each. A task token that strays in prints as its placeholder (L3). */
export const jsonLog =
  (write: (line: string) => void): Log =>
  (level, message, facts) =>
    write(JSON.stringify({ level, message, ...facts }));
