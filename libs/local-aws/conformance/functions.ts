import type { Stage } from './scenario.ts';

/** The recorded functions were Python. These Node.js handlers do the same. */
const HANDLERS: Readonly<Record<string, string>> = {
  echo: 'async (event) => event',
  'return-string': 'async () => "HelloWorld!"',
  'large-output': 'async () => "a".repeat(257 * 1024)',
};

/** The behaviours of functions that sleep, and for how many seconds. */
export const SLEEPS: Readonly<Record<string, number>> = { 'sleep60-echo': 60 };

/** Returns the source of a function with a behaviour, e.g. `echo` or `raise:TYPE:MESSAGE`. */
export function handlerOf(behaviour: string): string {
  const known = HANDLERS[behaviour in SLEEPS ? 'echo' : behaviour];
  if (known !== undefined) return `export const handler = ${known};\n`;
  const [kind, type = 'Error', ...message] = behaviour.split(':');
  if (kind !== 'raise') throw new Error(`No handler behaves like ${behaviour}`);
  return `export const handler = async () => {
  throw Object.assign(new Error(${JSON.stringify(message.join(':'))}), { name: ${JSON.stringify(type)} });
};
`;
}

/**
 * Lets calls of a function sleep by the manual clock and return their event. The function itself is not run: the clock stands still
 * while a function runs, so its sleep would never end.
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
