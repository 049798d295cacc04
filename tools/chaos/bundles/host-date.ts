/**
 * Loaded before a host's program: its wall clock is as many milliseconds ahead of the machine's as a file says. Its monotonic clock is
 * the machine's, as on a host whose time is set.
 */
import { readFileSync } from 'node:fs';

const file = process.env['CHAOS_HOST_DATE'] ?? '';
const machineNow = Date.now.bind(Date);

const now = (): number => machineNow() + Number(readFileSync(file, 'utf8'));

globalThis.Date = new Proxy(Date, {
  construct: (target, args: unknown[], newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
  apply: () => new Date(now()).toString(),
  get: (target, key) => (key === 'now' ? now : (Reflect.get(target, key) as unknown)),
});
