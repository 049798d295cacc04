import { type HeartbeatAnswer, HeartbeatRequest, parse } from '@baton/token-lib';
import { beat } from '../beat.ts';
import type { Verb } from './verb.ts';

export const heartbeatVerb: Verb = async (ports, row, body, at) => {
  const beaten = await beat(ports, row, parse(HeartbeatRequest, body), at);
  if (beaten.stop !== undefined) return answer({ answer: 'stop', reason: beaten.stop });
  const timeLeftSeconds = Math.max(0, Math.ceil((beaten.row.deadline - at) / 1000));
  return answer({ answer: 'continue', timeLeftSeconds });
};

const answer = (body: HeartbeatAnswer) => ({ status: 200, body });
