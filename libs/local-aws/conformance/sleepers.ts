import type { Stage } from './resources.ts';

/**
 * A manual clock stands still while a function runs, so one that sleeps would hold it for good. Here it sleeps by the clock
 * instead, and then answers with its event.
 */
export function letSleep({ world, clock }: Stage, functionName: string, seconds: number): void {
  const call = world.call.bind(world);
  const sleepOrCall: typeof call = async (service, action, input, caller) => {
    const invoked =
      service === 'lambda' && action === 'Invoke' ? String(input['FunctionName']).split(':').at(-1) : undefined;
    if (invoked !== functionName) return call(service, action, input, caller);
    await new Promise<void>((wake) => clock.at(clock.now() + seconds * 1000, wake));
    return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: input['Payload'] };
  };
  Object.assign(world, { call: sleepOrCall });
}
