/** The whole run, and its verdict: one figure for everything that must not happen. */
import { seconds } from '@baton/token-lib';
import { seededChance } from './chance.ts';
import { randomFaults } from './faults.ts';
import { befall, MISFORTUNES } from './misfortunes.ts';
import { type ChaosOptions, LONGEST, START } from './options.ts';
import { COUNTED, type Counted, type Violation } from './oracle.ts';
import { inventPiece } from './pieces.ts';
import { createSimulation, type Follow, type Outage, type Simulation } from './simulate.ts';

export type Verdict = { readonly callbacks: number } & Readonly<Record<Counted, number>>;

export interface ChaosRun {
  readonly verdict: Verdict;
  /** What each figure counts, in the order in which it happened. */
  readonly violations: readonly Violation[];
}

/** Three minutes of every twenty. */
const OUTAGES: readonly Outage[] = Array.from({ length: 100 }, (_, index) => {
  const from = START + seconds(1_200) * index + seconds(60);
  return { from, to: from + seconds(180) };
});

export async function runChaos(options: ChaosOptions, follow?: Follow): Promise<ChaosRun> {
  const { seed, callbacks, faults } = options;
  const simulation = createSimulation(seed, (chance) => randomFaults(chance, faults), {
    follow,
    outages: options.outages ? OUTAGES : [],
    intruders: faults > 0,
    deaf: options.deaf,
  });
  begin(simulation, options);
  const { time } = simulation;
  const last = time.now() + seconds(callbacks / options.perSecond) + LONGEST;
  let lookAt = time.now() + seconds(callbacks / options.perSecond) + seconds(60);
  await time.run(() => {
    if (time.now() < lookAt) return false;
    lookAt = time.now() + seconds(60);
    return time.now() > last || simulation.isQuiet();
  });
  return judge(simulation, callbacks);
}

/** Pieces of work begin at an even pace; to each may come a misfortune in the middle of it. */
function begin(simulation: Simulation, options: ChaosOptions): void {
  const { time, stepFunctions } = simulation;
  const chance = seededChance(options.seed + 0xbe91);
  for (let index = 0; index < options.callbacks; index++) {
    const piece = inventPiece(index, options, chance);
    const misfortune = chance.happens(options.faults) ? chance.pick(MISFORTUNES) : undefined;
    const into = chance.between(0, piece.takes + seconds(5));
    time.after(seconds(index / options.perSecond), () => {
      const execution = stepFunctions.start(piece);
      if (misfortune !== undefined) time.after(into, () => befall(simulation, execution, misfortune));
    });
  }
}

export function judge(simulation: Simulation, callbacks: number): ChaosRun {
  const { oracle, stepFunctions } = simulation;
  for (const callbackId of simulation.open()) oracle.violated('open', callbackId, 'the callback is not closed');
  for (const { status, piece } of stepFunctions.executions)
    if (status === 'RUNNING') oracle.violated('open', piece.name, 'its execution has not ended');
  const violations = oracle.violations(stepFunctions.executions);
  const count = (counted: Counted) => violations.filter((violation) => violation.counted === counted).length;
  const counts = Object.fromEntries(COUNTED.map((counted) => [counted, count(counted)])) as Record<Counted, number>;
  return { verdict: { callbacks, ...counts }, violations };
}
