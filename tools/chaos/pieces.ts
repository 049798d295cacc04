/** Inventing work: what it is, how long it takes, and how it ends. */
import { failure, type Outcome, seconds, success, type WorkKind } from '@baton/token-lib';
import type { Chance } from './chance.ts';
import { type ChaosOptions, TIMEOUT_SECONDS } from './options.ts';
import { UNTAKEN_OUTPUT } from './step-functions.ts';
import type { Piece } from './work.ts';

/** Of the outcomes that runs come to. */
const FAILING = 0.05;
const UNTAKEN = 0.01;
const LONGEST_RUN = seconds(120);

export function inventPiece(index: number, { kinds, heartbeatSeconds }: ChaosOptions, chance: Chance): Piece {
  const name = `piece-${index}`;
  const kind = chance.pick(kinds);
  const heartbeat = chance.pick(heartbeatSeconds);
  const timeoutSeconds = TIMEOUT_SECONDS;
  const takes = chance.between(seconds(1), LONGEST_RUN);
  const outcome = inventOutcome(name, chance);
  return { name, kind, timeoutSeconds, takes, outcome, ...workOf(kind, heartbeat) };
}

function inventOutcome(name: string, chance: Chance): Outcome {
  const drawn = chance.fraction();
  if (drawn < FAILING) return failure('JobFailed', name);
  if (drawn < FAILING + UNTAKEN) return { type: 'success', output: UNTAKEN_OUTPUT };
  return success({ name });
}

function workOf(kind: WorkKind, heartbeatSeconds: number): Pick<Piece, 'work' | 'heartbeatSeconds'> {
  const times = { timeoutSeconds: TIMEOUT_SECONDS, heartbeatSeconds };
  switch (kind) {
    case 'ssm':
      return { heartbeatSeconds, work: (instanceId) => ({ kind, instanceId, command: ['./work'], ...times }) };
    default:
      throw new Error(`no work of the kind ${kind} is simulated`);
  }
}
