/**
 * Sends callbacks one after the other through the whole platform of a `baton local`, and prints whether it stays as fast and as small
 * as it was: the median of the first and of the last thousand, the memory on the way, and how long 200 take that are dispatched at once.
 *
 *     npm run steady -- --callbacks 5000 [--bare] [--retain 1000] [--check] [--json]
 *
 * `--bare` leaves the platform out: the token goes into a message, and its receiver sends SendTaskSuccess. `--check` exits with 1
 * where the last thousand take over 10 % longer than the first, or the process has over 600 MB.
 */
import { parseArgs } from 'node:util';
import { createCallbackWork, createDispatchedWork, type CallbackWork } from './callback-work.ts';
import { startBaton, usage } from './endpoint.ts';
import { round, spread } from './statistics.ts';

const GROUP = 1_000;
const AT_ONCE = 200;
const MAX_DRIFT = 1.1;
const MAX_MEGABYTES = 600;
/** In milliseconds; beyond it, something is broken and not just slow. */
const LONGEST = 30_000;

const { values } = parseArgs({
  options: {
    callbacks: { type: 'string', default: '5000' },
    bare: { type: 'boolean', default: false },
    retain: { type: 'string' },
    check: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const callbacks = Number(values.callbacks);
if (!Number.isInteger(callbacks) || callbacks < 1) throw new Error('--callbacks takes a whole number from 1');

const say = (line: string): void => void (values.json || process.stdout.write(`${line}\n`));

const endpoint = await startBaton([
  ...(values.bare ? ['--bare'] : []),
  ...(values.retain === undefined ? [] : ['--retain', values.retain]),
]);
try {
  const work = values.bare ? await createCallbackWork(endpoint) : await createDispatchedWork(endpoint);
  const { times, megabytes } = await oneByOne(work);
  const atOnce = await allAtOnce(work);
  const first = spread(times.slice(0, GROUP)).median;
  const last = spread(times.slice(-GROUP)).median;
  const drift = round(last / first, 2);
  const result = {
    callbacks,
    'p50 of the first thousand, ms': first,
    'p50 of the last thousand, ms': last,
    drift,
    megabytes,
    [`s until ${AT_ONCE} at once are done`]: round(atOnce / 1000, 2),
  };
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else console.table({ ...result, megabytes: megabytes.join(' ') });
  const isSteady = drift <= MAX_DRIFT && Math.max(...megabytes) <= MAX_MEGABYTES;
  if (values.check && !isSteady) process.exitCode = 1;
} finally {
  endpoint.stop();
}

/** @returns how long each took, in milliseconds, and the memory at ten moments on the way */
async function oneByOne(work: CallbackWork): Promise<{ times: number[]; megabytes: number[] }> {
  const times: number[] = [];
  const megabytes: number[] = [];
  const every = Math.min(10_000, Math.ceil(callbacks / 10));
  while (times.length < callbacks) {
    const began = performance.now();
    const [execution] = await done(work, 1);
    if (execution === undefined) throw new Error('no execution');
    times.push(performance.now() - began);
    if (times.length % every > 0 && times.length < callbacks) continue;
    megabytes.push(usage(endpoint.pid).megabytes);
    say(`${times.length} callbacks: p50 ${spread(times.slice(-GROUP)).median} ms, ${megabytes.at(-1)} MB`);
  }
  return { times, megabytes };
}

async function allAtOnce(work: CallbackWork): Promise<number> {
  const began = performance.now();
  await done(work, AT_ONCE);
  return performance.now() - began;
}

/** Starts so many, succeeds each as its token or callbackId arrives, and waits until all have succeeded. */
async function done(work: CallbackWork, count: number): Promise<string[]> {
  const deadline = performance.now() + LONGEST;
  const executions = await Promise.all(Array.from({ length: count }, () => work.start()));
  // A queue may have a message twice, e.g. where its sender was not answered in time.
  const arrived = new Set<string>();
  while (arrived.size < count) {
    const names = await work.receive(10);
    if (performance.now() > deadline) throw new Error(`no work after ${LONGEST / 1000} seconds`);
    await Promise.all(names.filter((name) => !arrived.has(name)).map((name) => work.succeed(name)));
    for (const name of names) arrived.add(name);
  }
  for (const execution of executions) {
    let status = 'RUNNING';
    while (status === 'RUNNING') {
      status = await work.status(execution);
      if (performance.now() > deadline) throw new Error(`${execution} still runs after ${LONGEST / 1000} seconds`);
    }
    if (status !== 'SUCCEEDED') throw new Error(`${execution} ended ${status}`);
  }
  return executions;
}
