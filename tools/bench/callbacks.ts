import { createCallbackWork, type CallbackWork } from './callback-work.ts';
import { startBaton, startMoto, usage } from './endpoint.ts';
import { round, spread } from './statistics.ts';

const runs = 60;
const warmUps = 5;
/** In milliseconds; beyond it, something is broken and not just slow. */
const LONGEST = 30_000;

/** One callback at a time over HTTP: start, receive the token, succeed, SUCCEEDED. The endpoints take turns. */
export async function benchCallbacks(): Promise<Record<string, unknown>[]> {
  const moto = await startMoto();
  const endpoints = [await startBaton(), ...(moto ? [moto] : [])];
  try {
    const works = await Promise.all(
      endpoints.map(async (endpoint) => ({
        endpoint,
        work: await createCallbackWork(endpoint),
        times: [] as number[],
      })),
    );
    for (let run = -warmUps; run < runs; run += 1) {
      for (const { work, times } of works) {
        const time = await oneCallback(work);
        if (run >= 0) times.push(time);
      }
    }
    const own = spread(works[0]?.times ?? []).median;
    const rows: Record<string, unknown>[] = works.map(({ endpoint, times }) => {
      const { min, median, max } = spread(times);
      const { megabytes, threads, cpuSeconds } = usage(endpoint.pid);
      return {
        endpoint: endpoint.name,
        'median ms': median,
        'min..max': `${min}..${max}`,
        'times baton': round(median / own, 1),
        megabytes,
        threads,
        cpuSeconds,
      };
    });
    if (!moto)
      rows.push({ endpoint: 'moto', 'median ms': 'skipped: python3 has no moto.server (pip install "moto[server]")' });
    return rows;
  } finally {
    for (const endpoint of endpoints) endpoint.stop();
  }
}

async function oneCallback(work: CallbackWork): Promise<number> {
  const began = performance.now();
  const execution = await work.start();
  let tokens: string[] = [];
  while (tokens.length === 0) {
    tokens = await work.receive(1);
    if (performance.now() - began > LONGEST) throw new Error(`no token after ${LONGEST / 1000} seconds`);
  }
  await work.succeed(tokens[0] as string);
  let status = 'RUNNING';
  while (status === 'RUNNING') status = await work.status(execution);
  if (status !== 'SUCCEEDED') throw new Error(`the execution ended ${status}`);
  return performance.now() - began;
}
