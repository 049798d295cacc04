/** Inventing work: what it is, how long it takes, and how it ends. */
import { type ApprovalWork, failure, type Outcome, seconds, success, type WorkKind } from '@baton/token-lib';
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
  return { name, kind, timeoutSeconds, takes, outcome, ...workOf(kind, heartbeat, chance) };
}

function inventOutcome(name: string, chance: Chance): Outcome {
  const drawn = chance.fraction();
  if (drawn < FAILING) return failure('JobFailed', name);
  if (drawn < FAILING + UNTAKEN) return { type: 'success', output: UNTAKEN_OUTPUT };
  return success({ name });
}

function approval(chance: Chance): ApprovalWork {
  const approvers = [{ name: 'Ann' }, { name: 'Bob' }, { name: 'Cid' }];
  const needed = chance.pick([1, 2]);
  const veto = chance.happens(0.5);
  return { kind: 'approval', title: 'Go?', approvers, needed, veto, deny: 'result', timeoutSeconds: TIMEOUT_SECONDS };
}

function workOf(kind: WorkKind, heartbeatSeconds: number, chance: Chance): Pick<Piece, 'work' | 'heartbeatSeconds'> {
  const times = { timeoutSeconds: TIMEOUT_SECONDS, heartbeatSeconds };
  switch (kind) {
    case 'queue':
      return {
        heartbeatSeconds,
        work: () => ({
          kind,
          queueUrl: 'https://sqs.eu-central-1.amazonaws.com/111122223333/jobs',
          message: {},
          ...times,
        }),
      };
    case 'lambda':
      return { heartbeatSeconds, work: () => ({ kind, functionName: 'work', payload: {}, ...times }) };
    case 'approval':
      return { heartbeatSeconds: undefined, work: () => approval(chance) };
    case 'webhook':
      return {
        heartbeatSeconds: undefined,
        work: () => ({ kind, url: 'https://partner.test/', payload: {}, timeoutSeconds: TIMEOUT_SECONDS }),
      };
    case 'ssm':
      return { heartbeatSeconds, work: (instanceId) => ({ kind, instanceId, command: ['./work'], ...times }) };
  }
}
