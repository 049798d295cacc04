/**
 * npm run chaos:figures
 *
 * Measures what the product promises of finished work on hosts: how many of 60 jobs at a heartbeat of 20 seconds are lost to one fault,
 * wherever it happens; how many of 3,000 run again when Step Functions takes no outcome for five minutes; and how long a faulted
 * outcome takes.
 */
import { type Millis, seconds, success } from '@baton/token-lib';
import { judge } from './chaos.ts';
import { FAULTS, type Fault, type Faults, noFaults, singleFault } from './faults.ts';
import { START } from './options.ts';
import { createSimulation, type Outage } from './simulate.ts';
import type { Piece } from './work.ts';

interface Measured {
  /** Pieces of work that ran again, or whose outcome did not count. */
  readonly lost: number;
  /** From the end of each job to the end of its task. */
  readonly delays: readonly Millis[];
}

interface Jobs {
  readonly count: number;
  readonly heartbeatSeconds: number;
  readonly takes: Millis;
  /** Between the starts of two. */
  readonly every: Millis;
}

const job = (index: number, { heartbeatSeconds, takes }: Jobs): Piece => {
  const times = { heartbeatSeconds, timeoutSeconds: 3_600 };
  const work: Piece['work'] = (instanceId) => ({ kind: 'ssm', instanceId, command: ['./work'], ...times });
  return { name: `piece-${index}`, kind: 'ssm', work, takes, outcome: success({ index }), ...times };
};

async function measure(jobs: Jobs, faults: Faults, outages: readonly Outage[] = []): Promise<Measured> {
  const finished = new Map<string, Millis>();
  const delays: Millis[] = [];
  const follow = (piece: string, at: Millis, what: string): void => {
    if (what.endsWith('is done') && !finished.has(piece)) finished.set(piece, at);
    if (what.endsWith('ended by a success')) delays.push(at - (finished.get(piece) ?? at));
  };
  const simulation = createSimulation(1, () => faults, { follow, outages });
  const { time, stepFunctions } = simulation;
  for (let index = 0; index < jobs.count; index++)
    time.after(jobs.every * index, () => stepFunctions.start(job(index, jobs)));
  const begun = START + jobs.every * jobs.count + jobs.takes;
  await time.run(() => time.now() > begun + seconds(7_200) || (time.now() > begun && simulation.isQuiet()));
  const { violations } = judge(simulation, jobs.count);
  const lost = new Set(violations.map(({ piece }) => piece));
  for (const { piece, attempts } of stepFunctions.executions)
    if (finished.has(piece.name) && attempts.some((attempt) => ranInVain(attempt, finished.get(piece.name))))
      lost.add(piece.name);
  return { lost: lost.size, delays };
}

/** An attempt that began after the first run had come to its end. */
const ranInVain = ({ startedAt }: { readonly startedAt: Millis }, finishedAt = Infinity): boolean =>
  startedAt > finishedAt;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Sixty phases of the reconciler's minute. */
const SIXTY: Jobs = { count: 60, heartbeatSeconds: 20, takes: seconds(30), every: seconds(1) };

async function singleFaults(since: string, calls: number): Promise<void> {
  const usual = median((await measure(SIXTY, noFaults)).delays);
  const worst: Partial<Record<Fault, number>> = {};
  const extra: Millis[] = [];
  let cases = 0;
  let lost = 0;
  for (const fault of FAULTS)
    for (let number = 0; number < calls; number++) {
      const single = singleFault(fault, number, since);
      const measured = await measure(SIXTY, single);
      if (single.hit() === 0) continue;
      cases += single.hit();
      lost += measured.lost;
      worst[fault] = Math.max(worst[fault] ?? 0, measured.lost);
      extra.push(...measured.delays.map((delay) => delay - usual));
    }
  console.log(JSON.stringify({ since, cases, lost, worstOf60: worst, medianExtraSeconds: median(extra) / 1_000 }));
}

await singleFaults('report', 8);
const outage = { from: START + seconds(60), to: START + seconds(360) };
const during: Jobs = { count: 3_000, heartbeatSeconds: 60, takes: seconds(60), every: 100 };
const down = await measure(during, noFaults, [outage]);
console.log(JSON.stringify({ outageSeconds: 300, jobs: 3_000, runAgain: down.lost }));
await singleFaults('insert', 36);
