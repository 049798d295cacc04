/** What befalls hosts and executions, beside the faults of calls. */
import { seconds } from '@baton/token-lib';
import type { Chance } from './chance.ts';
import type { Fleet } from './fleet.ts';
import type { Host } from './host.ts';
import type { Oracle } from './oracle.ts';
import type { Execution, StepFunctions } from './step-functions.ts';
import type { VirtualTime } from './virtual-time.ts';

export const MISFORTUNES = [
  'the notifier is killed',
  'the notifier is frozen',
  'the host is cut off',
  'the host is rebooted',
  'the host is stopped',
  'the host is terminated',
  'the agent calls the command failed, and it goes on',
  'the execution is stopped',
  'the execution is stopped, and redriven before that is known',
  'the execution is redriven once it has failed',
  'an operator settles it',
] as const;
export type Misfortune = (typeof MISFORTUNES)[number];

export interface MisfortuneWorld {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly oracle: Oracle;
  readonly fleet: Fleet;
  readonly stepFunctions: StepFunctions;
  readonly callFailed: (execution: Execution) => void;
  readonly settleByHand: (execution: Execution) => void;
  /** Where the newest attempt is. */
  readonly hostOf: (execution: Execution) => Host | undefined;
  /** The pieces of work that a host has had. */
  readonly piecesOn: (host: Host) => Iterable<string>;
}

export function befall(world: MisfortuneWorld, execution: Execution, misfortune: Misfortune): void {
  const { time, chance, oracle, stepFunctions } = world;
  oracle.touch(execution.piece.name);
  switch (misfortune) {
    case 'the execution is stopped':
      return stepFunctions.stop(execution);
    case 'the execution is stopped, and redriven before that is known':
      stepFunctions.stop(execution);
      return void time.after(seconds(chance.between(0.1, 3)), () => stepFunctions.redrive(execution));
    case 'the execution is redriven once it has failed':
      return void time.after(seconds(chance.between(60, 1_200)), () => stepFunctions.redrive(execution));
    case 'the agent calls the command failed, and it goes on':
      return world.callFailed(execution);
    case 'an operator settles it':
      return world.settleByHand(execution);
    default: {
      const host = world.hostOf(execution);
      if (host === undefined || !host.lives()) return;
      for (const piece of world.piecesOn(host)) {
        oracle.touch(piece);
        oracle.note(piece, misfortune);
      }
      befallHost(world, host, misfortune);
    }
  }
}

type OfHosts = Extract<Misfortune, `the host ${string}` | `the notifier ${string}`>;

function befallHost({ chance, fleet }: MisfortuneWorld, host: Host, misfortune: OfHosts): void {
  const programs = host.programs();
  switch (misfortune) {
    case 'the notifier is killed':
      return programs.length === 0 ? undefined : chance.pick(programs).kill();
    case 'the notifier is frozen':
      return programs.length === 0 ? undefined : chance.pick(programs).freeze(seconds(chance.between(5, 900)));
    case 'the host is cut off':
      return host.cutOff(seconds(chance.between(5, 900)));
    case 'the host is rebooted':
      return fleet.reboot(host);
    case 'the host is stopped':
      return fleet.end(host, 'stop');
    case 'the host is terminated':
      return fleet.end(host, 'terminate');
  }
}
