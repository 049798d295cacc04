import { seededChance, type Chance } from '../chance.ts';

/** What befalls a host or what runs there. `for`: what lasts is over after so many milliseconds. */
export const HOST_MISFORTUNES = [
  'the notifier is killed',
  'the process group is killed',
  'the notifier is frozen',
  'the process group is frozen',
  'the supervisor is killed',
  'its connections are cut',
  'its connections are silent',
  'no answers reach it',
  'its connections are slow',
  'its clock goes ten minutes forward',
  'its clock goes ten minutes back',
  'it is rebooted',
  'it is stopping, then stopped',
  'it is terminated',
  'it is lost, unknown to EC2',
] as const;
export type HostMisfortune = (typeof HOST_MISFORTUNES)[number];

export const FUNCTIONS = ['dispatcher', 'completer-http', 'completer-queue', 'completer-events'] as const;

/** Befalls the host of a piece's first attempt. */
export interface Misfortune {
  /** Counts from 0. */
  readonly piece: number;
  /** What its time counts from: the piece's dispatch, or the first sign of its job. */
  readonly since: 'dispatch' | 'run';
  /** Milliseconds. */
  readonly after: number;
  readonly what: HostMisfortune;
  readonly for: number;
}

/** A function's machine dies at its so manieth call of a service: before the service has done it, or after. */
export interface Crash {
  readonly function: (typeof FUNCTIONS)[number];
  readonly call: number;
  readonly after: boolean;
}

export interface Piece {
  readonly at: number;
  readonly takes: number;
  /** Does not listen to TERM. */
  readonly stubborn: boolean;
  /** The host of its first attempt; each further attempt goes to the next. */
  readonly host: number;
}

export interface RoundPlan {
  readonly pieces: readonly Piece[];
  readonly misfortunes: readonly Misfortune[];
  readonly crashes: readonly Crash[];
}

/** Guards of L7 that can be taken away, so that the harness has something to find. */
export const GUARDS = ['supervisor', 'wait'] as const;
export type Guard = (typeof GUARDS)[number];

export const HOSTS = 3;
const PIECES = 4;
const MOST_CALLS = 25;

/** The same seed and round is the same plan, on every machine; what it leads to is up to the machine. */
export function planRound(seed: number, round: number): RoundPlan {
  const chance = seededChance(seed * 1_000 + round);
  const pieces = several(chance, PIECES, PIECES, () => ({
    at: Math.round(chance.between(0, 2_000)),
    takes: Math.round(chance.between(1_000, 8_000)),
    stubborn: chance.happens(0.3),
    host: Math.floor(chance.between(0, HOSTS)),
  }));
  return {
    pieces,
    misfortunes: several(chance, 1, 4, () => {
      const piece = Math.floor(chance.between(0, PIECES));
      const since = chance.happens(0.3) ? 'dispatch' : 'run';
      return {
        piece,
        since,
        after: Math.round(chance.between(0, since === 'run' ? (pieces[piece]?.takes ?? 0) : 1_500)),
        what: chance.pick(HOST_MISFORTUNES),
        for: Math.round(chance.between(1_000, 20_000)),
      };
    }),
    crashes: several(chance, 0, 3, () => ({
      function: chance.pick(FUNCTIONS),
      call: Math.floor(chance.between(1, MOST_CALLS)),
      after: chance.happens(0.5),
    })),
  };
}

/** What a guard that is missing cannot hide from: stubborn jobs of half a minute, and the two misfortunes that the guards are for. */
export const HARD_ROUND: RoundPlan = {
  pieces: [0, 1].map((host) => ({ at: 0, takes: 30_000, stubborn: true, host })),
  misfortunes: [
    { piece: 0, since: 'run', after: 1_000, what: 'the notifier is killed', for: 0 },
    { piece: 1, since: 'run', after: 1_000, what: 'its connections are cut', for: 20_000 },
  ],
  crashes: [],
};

function several<T>(chance: Chance, least: number, most: number, make: () => T): T[] {
  return Array.from({ length: Math.floor(chance.between(least, most + 1)) }, make);
}
