import type { Stage } from './resources.ts';

/**
 * A manual clock stands still while a function runs, so a function that sleeps would hold it for good. Here it sleeps by the clock
 * instead, and then returns its event.
 */
export function letSleep({ world, clock }: Stage, functionName: string, seconds: number): void {
  const call = world.call.bind(world);
  const sleepOrCall: typeof call = async (caller, action, input) => {
    const invoked = action === 'lambda:Invoke' ? String(input['FunctionName']).split(':').at(-1) : undefined;
    if (invoked !== functionName) return call(caller, action, input);
    await new Promise<void>((wake) => clock.at(clock.now() + seconds * 1000, wake));
    return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: input['Payload'] };
  };
  Object.assign(world, { call: sleepOrCall });
}
