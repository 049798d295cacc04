/** Who asks in the name of a run that is not theirs: another process on the host, a worker that was given other work. */
import { type CallbackId, type Millis, success, WorkSecret } from '@baton/token-lib';
import type { Invoked } from './functions.ts';
import type { Marker } from './host.ts';
import type { NotifierWorld } from './host-client.ts';

/** Of all runs. */
const INTRUDED = 0.05;
const STOLEN = success('stolen');

/** While the run holds its claim, nobody else gets it, and nobody else is listened to. */
export function intrudeUpon(world: NotifierWorld, marker: Marker, commandId: string, within: Millis): void {
  const { time, chance, completer, oracle, attemptOf } = world;
  if (world.isSafe || !chance.happens(INTRUDED)) return;
  const { callbackId, bootId } = marker;
  const piece = attemptOf(callbackId).piece.name;
  const runId = chance.uuid();
  const command = chance.pick([commandId, 'command-of-nobody']);
  time.after(chance.between(0, within), () => {
    void completer.claim(callbackId, { runId, commandId: command, bootId }).then((claimed) => {
      if (claimed.end === 'returned' && claimed.value.answer === 'granted')
        oracle.violated('overlapping', piece, 'the claim was granted to a second run');
    });
    void completer.heartbeat(callbackId, { runId }).then((beaten) => {
      if (beaten.end === 'returned' && beaten.value.answer === 'continue')
        oracle.violated('unhandled', piece, 'a heartbeat of another run was taken (L2)');
    });
    void completer.report({ callbackId, runId, outcome: STOLEN }).then(refusedOr(world, piece));
  });
}

/** Without the secret that came with the work, nobody reports of it. */
export function intrudeUponWork(world: NotifierWorld, callbackId: CallbackId, within: Millis): void {
  const { time, chance, completer, attemptOf } = world;
  if (world.isSafe || !chance.happens(INTRUDED)) return;
  const piece = attemptOf(callbackId).piece.name;
  const secret = WorkSecret.of(chance.pick([undefined, OTHER_SECRET]));
  time.after(chance.between(0, within), () => {
    void completer.report({ callbackId, secret, outcome: STOLEN }).then(refusedOr(world, piece));
  });
}

const OTHER_SECRET = 'x'.repeat(43);

const refusedOr =
  ({ oracle }: NotifierWorld, piece: string) =>
  (reported: Invoked<unknown>): void => {
    if (reported.end === 'returned') oracle.violated('unhandled', piece, 'the report of a stranger was taken (L2)');
  };
