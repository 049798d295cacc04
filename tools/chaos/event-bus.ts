/** EventBridge to a function: at least once, mostly; late, twice, or not at all. */
import { seconds } from '@baton/token-lib';
import type { CallWorld } from './call.ts';
import type { Invoked } from './functions.ts';

export type Publish = (what: string, handle: () => Promise<Invoked<unknown>>) => void;

/** Lambda invokes again what failed, twice. [documented: asynchronous invocation] */
const RETRIES = [seconds(60), seconds(120)];

export function eventBus({ time, chance, faults }: CallWorld): Publish {
  async function deliver(handle: () => Promise<Invoked<unknown>>, tries: number): Promise<void> {
    const { end } = await handle();
    const again = RETRIES[tries];
    if (end !== 'returned' && again !== undefined) time.after(again, () => void deliver(handle, tries + 1));
  }
  return (what, handle) => {
    const fault = faults.at(`event ${what}`, ['not delivered', 'slow', 'duplicated']);
    if (fault === 'not delivered') return;
    const delay = fault === 'slow' ? chance.between(seconds(5), seconds(120)) : chance.between(100, seconds(2));
    time.after(delay, () => void deliver(handle, 0));
    if (fault === 'duplicated') time.after(delay + chance.between(1, seconds(60)), () => void deliver(handle, 0));
  };
}
