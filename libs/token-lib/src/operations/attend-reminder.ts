/**
 * A reminder has come (`Reminders`). The row says what of: an outcome that whoever was to tell it may have failed to tell (L1), or
 * work that somebody should have been heard of. Each callback of a host with a heartbeat has a reminder under way from its dispatch
 * on until it is decided, which costs a message and a read for each heartbeat that the host sends.
 */
import { type Callback, isUndecided, type Undecided } from '../lifecycle/callback.ts';
import { look } from '../lifecycle/look.ts';
import { remind } from '../lifecycle/settle.ts';
import type { CallbackId } from '../wire/callback-id.ts';
import { assertNever } from '../wire/errors.ts';
import type { Millis } from '../wire/millis.ts';
import { PAUSES, retry } from '../wire/retry.ts';
import { askAfter, type AskPorts } from './ask-after.ts';
import { change } from './change.ts';
import { settleLostJob } from './observe.ts';
import { resolveDispatch, type ResolvePorts } from './resolve-dispatch.ts';
import { completeTask, haveLookedAt, stayAwake } from './settle.ts';
import { taskIsGone } from './task-is-gone.ts';

export interface ReminderPorts extends AskPorts, ResolvePorts {}

/**
 * Reads the callback and attends to it. What fails is tried again here: its message comes again only when its visibility is over, and the
 * task's heartbeat may be over before that.
 *
 * @throws what the last attempt threw
 */
export async function takeReminder(ports: ReminderPorts, callbackId: CallbackId, at: Millis): Promise<void> {
  let now = at;
  const attempt = async (): Promise<{ readonly error: unknown } | undefined> => {
    try {
      const row = await ports.store.read(callbackId);
      if (row !== undefined) await attendReminder(ports, row, now);
      return undefined;
    } catch (error) {
      return { error };
    }
  };
  const pause = async (duration: Millis): Promise<void> => {
    await ports.pause(duration);
    now += duration;
  };
  const failed = await retry(attempt, { isFinal: (result) => result === undefined, pauses: PAUSES.tell, pause });
  if (failed !== undefined) throw failed.error;
}

export async function attendReminder(ports: ReminderPorts, row: Callback, at: Millis): Promise<void> {
  if (isUndecided(row)) return lookAt(ports, row, at);
  const decided = await change(ports.store, row, (current) => remind(current, at));
  if (decided.answer === 'tell') await completeTask(ports, decided.next, at);
  if (decided.answer === 'watch') await stayAwake(ports, decided.row, at);
}

async function lookAt(ports: ReminderPorts, row: Undecided, at: Millis): Promise<void> {
  const decided = look(row, at);
  switch (decided.answer) {
    case 'over':
      return;
    case 'again':
      return haveLookedAt(ports, row, decided.at - at);
    case 'keepAlive':
      if (!(await taskIsGone(ports, decided.row, at))) await haveLookedAt(ports, row, decided.at - at);
      return;
    case 'findCommand':
      await resolveDispatch(ports, decided.row, at);
      return lookOn(ports, row, at);
    case 'lost':
      await settleLostJob(ports, decided.row, at);
      return lookOn(ports, row, at);
    case 'ask':
      return (await askAfter(ports, decided.row, at))
        ? lookOn(ports, row, at)
        : haveLookedAt(ports, row, decided.at - at);
    default:
      return assertNever(decided);
  }
}

/** The worker may have been heard of while it was being given up. */
async function lookOn(ports: ReminderPorts, { callbackId }: Undecided, at: Millis): Promise<void> {
  const row = await ports.store.read(callbackId);
  if (row === undefined || !isUndecided(row)) return;
  // Whoever saw the command's end has asked for a reminder at the end of its grace.
  if (row.state === 'Dispatched' && row.observed?.at === at) return;
  const next = look(row, at);
  if ('at' in next) await haveLookedAt(ports, row, next.at - at);
}
