/**
 * A host that EC2 is stopping goes on for a while: its job writes until the shutdown reaches it. The task fails at once, and
 * the next attempt starts when the run before is over (L7).
 */
import { describe, expect, it } from 'vitest';
import { dispatched, newCallback } from '../lifecycle/dispatch.ts';
import type { Stored } from '../lifecycle/callback.ts';
import { heartbeatIntervalSeconds, STOP_GRACE_SECONDS } from '../wire/limits.ts';
import { FailureName } from '../wire/errors.ts';
import { type Millis, seconds } from '../wire/millis.ts';
import { failure } from '../wire/outcome.ts';
import {
  fakeCommands,
  fakeReminders,
  fakeStepFunctions,
  INSTANCE_ID,
  memoryTable,
  OTHER_RUN_ID,
  RUN_ID,
  sampleContext,
  sampleToken,
  sampleWork,
  START,
} from '../testing/index.ts';
import { becomeLatestAttempt } from './become-latest-attempt.ts';
import { change } from './change.ts';
import { claim } from './claim.ts';
import { observeHostEnd } from './observe.ts';
import { relayHeartbeat } from './relay-heartbeat.ts';
import { settle } from './settle.ts';

const FIRST = { runId: RUN_ID, commandId: 'command-1', bootId: 'boot-1' };
const SECOND = { runId: OTHER_RUN_ID, commandId: 'command-2', bootId: 'boot-2' };

function world(heartbeatSeconds: number) {
  const table = memoryTable();
  const clock = { now: START };
  const { tasks, executions, taken } = fakeStepFunctions();
  const { observer } = fakeCommands();
  const pause = async (duration: Millis) => void (clock.now += duration);
  const ports = { ...table, tasks, executions, observer, reminders: fakeReminders(), pause, log: () => undefined };

  async function dispatch(retryCount: number, commandId: string, instanceId: string): Promise<Stored> {
    const work = sampleWork({ heartbeatSeconds, instanceId });
    const context = sampleContext({ retryCount });
    const row = newCallback({ token: sampleToken(commandId), context, work, at: clock.now });
    await table.store.insert(row);
    const leading = await becomeLatestAttempt({ ...table, clock: () => clock.now }, row);
    await change(table.store, leading, (current) => dispatched(current, commandId));
    return row;
  }
  const read = async ({ callbackId }: Stored) => (await table.store.read(callbackId))!;

  return {
    clock,
    taken,
    dispatch,
    claim: async (row: Stored, request: typeof FIRST) => claim(ports, await read(row), request, clock.now),
    beat: async (row: Stored) => relayHeartbeat(ports, await read(row), { runId: RUN_ID }, clock.now),
    hostIs: (state: string, at: Millis = clock.now) => observeHostEnd(ports, { instanceId: INSTANCE_ID, state }, at),
    stopped: async (row: Stored) =>
      settle(ports, await read(row), {
        from: { by: 'worker', runId: RUN_ID },
        outcome: failure(FailureName.stopped, ''),
        at: clock.now,
      }),
    read,
  };
}

interface Ending {
  readonly heartbeatSeconds: number;
  /** From the claim. */
  readonly stoppingAfter: number;
  /** From `stopping` to the end of the host. */
  readonly shutdownSeconds: number;
  readonly network: 'stays' | 'goes first';
  readonly lastEvent: 'delivered' | 'lost';
}

/** Second by second: the first host beats and goes, the second one claims until it is granted. */
async function play(ending: Ending) {
  const here = world(ending.heartbeatSeconds);
  const { clock } = here;
  const interval = heartbeatIntervalSeconds(ending.heartbeatSeconds);
  const first = await here.dispatch(0, 'command-1', INSTANCE_ID);
  await here.claim(first, FIRST);
  const stoppingAt = START + seconds(ending.stoppingAfter);
  const downAt = stoppingAt + seconds(ending.shutdownSeconds);
  /** At the latest: when the host is off, or the job was told to stop. */
  let stoppedAt = downAt;
  let lastContact = START;
  let second: Stored | undefined;
  let asksAt = 0;
  for (; ; clock.now += seconds(1)) {
    const { now } = clock;
    const runEnds = () => Math.min(stoppedAt, lastContact + seconds(ending.heartbeatSeconds + STOP_GRACE_SECONDS));
    const reaches = now < stoppingAt || ending.network === 'stays';
    if (now < runEnds() && reaches && now > START && (now - START) % seconds(interval) === 0) {
      if ((await here.beat(first)).answer === 'stop')
        stoppedAt = Math.min(stoppedAt, now + seconds(STOP_GRACE_SECONDS));
      else lastContact = now;
    }
    if (now === stoppingAt) {
      await here.hostIs('shutting-down');
      second = await here.dispatch(1, 'command-2', 'i-0000000000000beef');
    }
    if (now === downAt && ending.lastEvent === 'delivered') await here.hostIs('terminated');
    if (second === undefined || now < asksAt) continue;
    const said = await here.claim(second, SECOND);
    if (said.answer === 'wait') asksAt = now + seconds(said.retryAfterSeconds);
    else {
      expect(said.answer).toBe('granted');
      return { ...here, first, grantedAt: now, runEnds: runEnds(), downAt, lastContact };
    }
  }
}

const endings: Ending[] = [60, 600].flatMap((heartbeatSeconds) =>
  [1, 7, 19, 20, 33, 59].flatMap((step) =>
    [1, 15, 45, 120, 300].flatMap((shutdownSeconds) =>
      (['stays', 'goes first'] as const).flatMap((network) =>
        (['delivered', 'lost'] as const).map((lastEvent) => ({
          heartbeatSeconds,
          stoppingAfter: (step * heartbeatSeconds) / 60 + 100,
          shutdownSeconds,
          network,
          lastEvent,
        })),
      ),
    ),
  ),
);

describe('a host that is stopping', () => {
  it('never runs beside the next attempt, whatever it still does (L7)', async () => {
    const overlaps = new Map<number, { runs: number; longest: Millis }>();
    for (const ending of endings) {
      const { grantedAt, runEnds } = await play(ending);
      const seen = overlaps.get(ending.heartbeatSeconds) ?? { runs: 0, longest: 0 };
      if (grantedAt < runEnds) {
        seen.runs += 1;
        seen.longest = Math.max(seen.longest, runEnds - grantedAt);
      }
      overlaps.set(ending.heartbeatSeconds, seen);
    }
    expect([...overlaps]).toEqual([
      [60, { runs: 0, longest: 0 }],
      [600, { runs: 0, longest: 0 }],
    ]);
  });

  it('fails its task at once, by name', async () => {
    const here = world(600);
    const first = await here.dispatch(0, 'command-1', INSTANCE_ID);
    await here.claim(first, FIRST);
    await here.hostIs('stopping');
    expect(here.taken).toMatchObject([{ error: 'Baton.HostLost' }]);
    expect(await here.read(first)).toMatchObject({ state: 'Settled' });
  });

  it.each([60, 600])('makes way as soon as it is terminated (heartbeat %i)', async (heartbeatSeconds) => {
    const ending = { heartbeatSeconds, stoppingAfter: 107, shutdownSeconds: 15, network: 'goes first' } as const;
    const { grantedAt, downAt } = await play({ ...ending, lastEvent: 'delivered' });
    // The second host asks every five seconds.
    expect((grantedAt - downAt) / 1000).toBeLessThanOrEqual(5);
  });

  it('makes way after its silence where the event of its end is lost', async () => {
    const ending = { heartbeatSeconds: 600, stoppingAfter: 107, shutdownSeconds: 15, network: 'goes first' } as const;
    const { grantedAt, lastContact } = await play({ ...ending, lastEvent: 'lost' });
    expect((grantedAt - lastContact) / 1000).toBe(600 + STOP_GRACE_SECONDS);
  });

  it('makes way as soon as its own notifier says that the job has stopped', async () => {
    const here = world(600);
    const first = await here.dispatch(0, 'command-1', INSTANCE_ID);
    await here.claim(first, FIRST);
    await here.hostIs('stopping');
    const second = await here.dispatch(1, 'command-2', 'i-0000000000000beef');
    expect(await here.claim(second, SECOND)).toMatchObject({ answer: 'wait' });
    await here.stopped(first);
    expect(await here.claim(second, SECOND)).toMatchObject({ answer: 'granted' });
  });

  it('makes way for a newer attempt whose task it had lost before (L7)', async () => {
    const here = world(600);
    const first = await here.dispatch(0, 'command-1', INSTANCE_ID);
    await here.claim(first, FIRST);
    const second = await here.dispatch(1, 'command-2', 'i-0000000000000beef');
    expect(await here.read(first)).toMatchObject({ state: 'Gone', reason: 'superseded' });
    expect(await here.claim(second, SECOND)).toMatchObject({ answer: 'wait' });
    await here.hostIs('terminated');
    expect(await here.claim(second, SECOND)).toMatchObject({ answer: 'granted' });
  });

  it('and was started again since has a run of its own, which an old event does not end', async () => {
    const here = world(60);
    const first = await here.dispatch(0, 'command-1', INSTANCE_ID);
    const stoppedAt = here.clock.now;
    here.clock.now += seconds(90);
    await here.claim(first, FIRST);
    await here.hostIs('stopped', stoppedAt);
    expect(here.taken).toEqual([]);
    expect(await here.beat(first)).toMatchObject({ answer: 'continue' });
  });
});
