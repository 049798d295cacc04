import { Payload } from '../data/payload.ts';
import type { PassState } from '../definition/state-machine.ts';
import type { Steps, Visit } from './branch.ts';
import { argumentsOf, conclude, type Passage } from './data-flow.ts';

/** Pass: Result, or else the input as Parameters shapes it. */
export function* pass(visit: Visit, state: PassState): Steps<Passage> {
  const input = yield* argumentsOf(visit);
  return yield* conclude(visit, state.result === undefined ? input : Payload.ofValue(state.result), state.next);
}
