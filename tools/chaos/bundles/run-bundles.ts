/** The built bundles on the local AWS, broken for real: processes are killed, frozen and cut off, functions die in the middle of a call. */
import { gatherEvidence } from './evidence.ts';
import { HARD_ROUND, planRound, type Guard } from './plan.ts';
import { startChaosPlatform } from './platform.ts';
import { runRound } from './round.ts';
import { COUNTED, judgeRound, type Counted, type Violation } from './verdict.ts';

export interface BundlesOptions {
  readonly seed: number;
  readonly rounds: number;
  /** Takes a guard away, and runs the round that shows it: the harness is broken where it finds nothing. */
  readonly without?: Guard | undefined;
  readonly follow: (what: string) => void;
}

export interface BundlesResult {
  readonly verdict: { readonly callbacks: number } & Readonly<Record<Counted, number>>;
  readonly violations: readonly (Violation & { readonly round: number })[];
}

export async function runBundles({ seed, rounds, without, follow }: BundlesOptions): Promise<BundlesResult> {
  const platform = await startChaosPlatform(without, follow);
  const evidence = gatherEvidence(platform.aws);
  const violations: (Violation & { round: number })[] = [];
  let callbacks = 0;
  try {
    for (let round = 1; round <= rounds; round++) {
      const plan = without === undefined ? planRound(seed, round) : HARD_ROUND;
      follow(`round ${round}: ${JSON.stringify(plan)}`);
      const facts = await runRound(platform, evidence, {
        number: round,
        plan,
        supervised: without !== 'supervisor',
        follow,
      });
      callbacks += facts.outcomes.length;
      for (const violation of judgeRound(facts)) violations.push({ ...violation, round });
      follow(`round ${round}: ${JSON.stringify(facts.pieces)}`);
    }
  } finally {
    evidence.stop();
    await platform.aws.close();
  }
  const counts = COUNTED.map(
    (counted) => [counted, violations.filter((each) => each.counted === counted).length] as const,
  );
  return { verdict: { callbacks, ...(Object.fromEntries(counts) as Record<Counted, number>) }, violations };
}
