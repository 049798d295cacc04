import type { Payload } from '../data/payload.ts';
import type { MapState } from '../definition/state-machine.ts';
import type { Steps, Visit } from './branch.ts';
import { DataFailure } from './failure.ts';

// eslint-disable-next-line require-yield -- the iterations come with the next change
export function* runMap(_visit: Visit, _state: MapState): Steps<Payload> {
  throw new DataFailure('States.Runtime', 'Map is not supported here.');
}
