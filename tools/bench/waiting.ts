import { createCallbackWork } from './callback-work.ts';
import { startBaton, usage } from './endpoint.ts';
import { round } from './statistics.ts';

const atOnce = 8;

/** Measures many callbacks over HTTP: the time until all wait, their cost while they wait, the time until all are completed. */
export async function benchWaiting(): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for (const count of [1_000, 10_000]) {
    const endpoint = await startBaton();
    try {
      const work = await createCallbackWork(endpoint);
      const began = performance.now();
      const executions = await inParallel(count, () => work.start());
      const tokens: string[] = [];
      while (tokens.length < count) tokens.push(...(await work.receive(10)));
      const waiting = performance.now() - began;
      const before = usage(endpoint.pid);
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      const idle = usage(endpoint.pid);
      const sending = performance.now();
      await inParallel(count, (index) => work.succeed(tokens[index] as string));
      const sent = performance.now() - sending;
      const statuses = await inParallel(count, (index) => work.status(executions[index] as string));
      rows.push({
        executions: count,
        's until all wait': round(waiting / 1000),
        'MB while waiting': idle.megabytes,
        threads: idle.threads,
        'CPU % while waiting': round(((idle.cpuSeconds - before.cpuSeconds) / 3) * 100, 1),
        's until all completed': round(sent / 1000),
        succeeded: statuses.filter((status) => status === 'SUCCEEDED').length,
      });
    } finally {
      endpoint.stop();
    }
  }
  return rows;
}

async function inParallel<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) results[index] = await work(index);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
