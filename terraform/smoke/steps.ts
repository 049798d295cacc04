import { performance } from 'node:perf_hooks';

export interface Result {
  readonly step: string;
  readonly outcome: 'passed' | 'failed' | 'left out';
  readonly seconds: number;
  /** Of what failed or was left out. */
  readonly why?: string;
}

export interface Steps {
  readonly results: readonly Result[];
  /** Does it, unless a foundation failed before. What it throws is its result. */
  step(name: string, act: () => Promise<unknown>): Promise<void>;
  /** A step without which those after it are left out. */
  foundation(name: string, act: () => Promise<unknown>): Promise<void>;
  /** A step that is done whatever failed before. */
  always(name: string, act: () => Promise<unknown>): Promise<void>;
  leaveOut(name: string, why: string): void;
}

/** @param line is told of each result as it comes */
export function createSteps(line: (text: string) => void): Steps {
  const results: Result[] = [];
  let broken: string | undefined;

  const add = (result: Result): void => {
    results.push(result);
    line(`${result.outcome.padEnd(8)} ${result.seconds.toFixed(1).padStart(6)} s  ${result.step}`);
    if (result.why !== undefined) line(result.why.replace(/^/gm, '    '));
  };
  const leaveOut = (step: string, why: string): void => add({ step, outcome: 'left out', seconds: 0, why });
  const perform = async (step: string, act: () => Promise<unknown>): Promise<boolean> => {
    const began = performance.now();
    const seconds = (): number => (performance.now() - began) / 1000;
    try {
      await act();
      add({ step, outcome: 'passed', seconds: seconds() });
      return true;
    } catch (error) {
      add({ step, outcome: 'failed', seconds: seconds(), why: error instanceof Error ? error.message : String(error) });
      return false;
    }
  };

  return {
    results,
    leaveOut,
    async step(name, act) {
      if (broken === undefined) await perform(name, act);
      else leaveOut(name, `because this failed: ${broken}`);
    },
    async foundation(name, act) {
      if (broken !== undefined) leaveOut(name, `because this failed: ${broken}`);
      else if (!(await perform(name, act))) broken = name;
    },
    always: async (name, act) => void (await perform(name, act)),
  };
}
