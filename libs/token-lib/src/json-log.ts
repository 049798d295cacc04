import type { Log } from './ports.ts';

/** Lines for CloudWatch Logs: one JSON object each. A task token that strays in prints as its placeholder (L3). */
export function jsonLog(write: (line: string) => void): Log {
  return (level, message, facts) => write(JSON.stringify({ level, message, ...facts }));
}
