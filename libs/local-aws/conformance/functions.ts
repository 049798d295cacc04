/** Functions were recorded in Python; these Node handlers behave alike. */
const HANDLERS: Readonly<Record<string, string>> = {
  echo: 'async (event) => event',
  'return-string': 'async () => "HelloWorld!"',
  'large-output': 'async () => "a".repeat(257 * 1024)',
};

/** Those that sleep, in seconds. */
export const SLEEPS: Readonly<Record<string, number>> = { 'sleep60-echo': 60 };

/** The source of a function by its behaviour, e.g. `echo` or `raise:TYPE:MESSAGE`. */
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
