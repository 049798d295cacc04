/**
 * How soon a task ends by name when its run has: by the event that tells, or, where that event is lost, by asking who can know
 * (L6). Each case is an environment of its own, with its times by chance: when the loss comes, how long events, messages and calls
 * take, where the reconciler's minute lies. What beats nobody relays, and Step Functions' clock ends the task at the end of its
 * heartbeat.
 */
import { heartbeatIntervalSeconds, lookDelay, type Millis, seconds } from '@baton/token-lib';
import { INSTANCE_ID, sampleQueueWork, sampleRow, sampleWork, START, workSecretText } from '@baton/token-lib/testing';
import { describe, expect, it, vi } from 'vitest';
import { DEAD, world, type World } from './world.ts';

const HEARTBEATS = [10, 20, 60, 600];
const CASES = 100;
/** No case lasts longer: a reminder that brings about another one for ever would. */
const LONGEST_SECONDS = 7_200;

type Loss = 'none' | 'job' | 'job that never claimed' | 'host' | 'worker' | 'dispatch' | 'message';
const NAMES: Readonly<Record<Exclude<Loss, 'none'>, string>> = {
  job: 'Baton.JobLost',
  'job that never claimed': 'Baton.JobLost',
  host: 'Baton.HostLost',
  worker: 'Baton.WorkerLost',
  dispatch: 'Baton.DispatchLost',
  message: 'Baton.DeadLettered',
};
/** A queue's dead letters come until they are taken, and of a dispatch there is no event. */
const EVENTS: readonly (readonly [keyof typeof NAMES, 'delivered' | 'lost'])[] = [
  ['job', 'delivered'],
  ['job', 'lost'],
  ['job that never claimed', 'delivered'],
  ['job that never claimed', 'lost'],
  ['host', 'delivered'],
  ['host', 'lost'],
  ['worker', 'delivered'],
  ['dispatch', 'lost'],
  ['message', 'delivered'],
];

/** A generator of numbers from 0 to below 1 (mulberry32). */
function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Case {
  readonly heartbeatSeconds: number;
  readonly loss: Loss;
  readonly event: 'delivered' | 'lost';
  readonly seed: number;
}

class Play {
  readonly here: World = world();
  readonly chance: () => number;
  private readonly events: { readonly at: Millis; readonly act: () => Promise<unknown> }[] = [];
  /** Messages that came. */
  reminded = 0;
  private lastBeat = START;
  private isLost = false;
  private readonly of: Case;
  private readonly heartbeat: Millis;

  constructor(of: Case) {
    this.of = of;
    this.chance = chanceOf(of.seed);
    this.heartbeat = seconds(of.heartbeatSeconds);
  }

  private between(least: number, most: number): Millis {
    return least + this.chance() * (most - least);
  }

  private after(delay: Millis, act: () => Promise<unknown>): void {
    this.events.push({ at: this.here.clock.now + delay, act });
  }

  /** @returns how the task ended, and when, from its loss on */
  async run(longestSeconds = LONGEST_SECONDS): Promise<{ readonly ended: string; readonly after: Millis }> {
    const { here } = this;
    const token = sampleRow('first').token;
    await this.start();
    const lossAfter = this.between(...this.lossBetween());
    this.after(lossAfter, () => this.lose());
    const minute = (): void => this.after(seconds(60), async () => (minute(), here.tick()));
    this.after(this.between(0, seconds(60)), async () => (minute(), here.tick()));
    for (;;) {
      this.drain();
      const next = this.events.sort((a, b) => a.at - b.at).shift()!;
      const limit = (this.of.loss === 'message' ? START + lossAfter : this.lastBeat) + this.heartbeat;
      if (next.at > START + seconds(longestSeconds)) return { ended: 'it goes on', after: Infinity };
      if (next.at > limit) {
        here.stepFunctions.close(token);
        return { ended: 'States.HeartbeatTimeout', after: limit - START - lossAfter };
      }
      here.clock.now = Math.max(here.clock.now, next.at);
      const beats = here.stepFunctions.heartbeats;
      await next.act();
      if (here.stepFunctions.heartbeats > beats) this.lastBeat = here.clock.now;
      const [taken] = here.stepFunctions.taken;
      if (taken !== undefined)
        return { ended: taken.type === 'failure' ? taken.error : 'success', after: here.clock.now - START - lossAfter };
    }
  }

  private lossBetween(): [Millis, Millis] {
    if (this.of.loss === 'dispatch') return [0, 0];
    // Nobody beats: the command fails as soon as the agent has it.
    if (this.of.loss === 'job that never claimed') return [seconds(1), seconds(3)];
    return [seconds(3), seconds(3) + 3 * this.heartbeat];
  }

  /** As the dispatcher does, and the host that claims a second or two later. */
  private async start(): Promise<void> {
    const { here, of } = this;
    const { heartbeatSeconds } = of;
    if (of.loss === 'message') {
      await here.dispatchWork(sampleQueueWork({ heartbeatSeconds }));
      return;
    }
    const work = sampleWork({ heartbeatSeconds });
    const row = sampleRow('first', {}, 0, work);
    const { invocation } = here.commands.observer;
    here.commands.observer.invocation = async (...asked) => {
      here.clock.now += this.between(50, 400);
      return invocation(...asked);
    };
    if (of.loss === 'dispatch') await here.table.store.insert(row);
    else await here.dispatch('first', 0, work);
    await here.reminders.remind(row.callbackId, lookDelay(heartbeatSeconds));
    if (of.loss === 'dispatch' || of.loss === 'job that never claimed') return;
    this.after(this.between(seconds(1), seconds(2)), async () => {
      await here.claim(row.callbackId);
      this.beat(row.callbackId);
    });
  }

  private beat(callbackId: string): void {
    this.after(seconds(heartbeatIntervalSeconds(this.of.heartbeatSeconds)) + this.between(0, 300), async () => {
      if (this.isLost) return;
      await this.here.heartbeat(callbackId);
      this.beat(callbackId);
    });
  }

  private async lose(): Promise<void> {
    const { here, of } = this;
    const { callbackId } = sampleRow('first');
    this.isLost = of.loss !== 'none';
    const tell = (act: () => Promise<unknown>): void => {
      if (of.event === 'delivered') this.after(this.between(500, 3_000), act);
    };
    switch (of.loss) {
      case 'job':
      case 'job that never claimed':
        this.after(this.between(0, 1_000), async () =>
          here.commands.invocations.set('command-1', { status: 'Failed', statusDetails: 'Failed', stderr: '' }),
        );
        return tell(() => here.commandEnded(callbackId));
      case 'host':
        here.hostStates.set(INSTANCE_ID, 'shutting-down');
        return tell(() => here.hostEnded('shutting-down'));
      case 'worker':
        return tell(() => here.failure(callbackId, 'Baton.WorkerLost'));
      case 'message':
        return tell(() => here.queue([{ body: { callbackId, workSecret: workSecretText('first') }, from: DEAD }]));
      case 'dispatch':
      case 'none':
        return;
    }
  }

  /** A message is delayed by whole seconds, and by its way through the queue. */
  private drain(): void {
    const { here } = this;
    for (const { callbackId, delay } of here.reminders.asked.splice(0)) {
      const late = Math.ceil(delay / 1000) * 1000 + this.between(100, 1_500);
      this.after(late, () => (this.reminded++, here.queue([{ body: { type: 'tell', callbackId } }])));
    }
  }
}

it('ends by name before the heartbeat does, in 95 of 100 cases of each loss, its event delivered or lost', async () => {
  const lines: string[] = [];
  const short: string[] = [];
  for (const [loss, event] of EVENTS) {
    for (const heartbeatSeconds of HEARTBEATS) {
      const ends = [];
      for (let seed = 1; seed <= CASES; seed++)
        ends.push(await new Play({ heartbeatSeconds, loss, event, seed: seed * 7_919 }).run());
      const named = ends.filter(({ ended }) => ended === NAMES[loss]);
      const waits = named.map(({ after }) => after / 1000).sort((a, b) => a - b);
      const line = `${loss}, event ${event}, heartbeat ${heartbeatSeconds}: ${named.length} of ${CASES} by name, half of them within ${waits[waits.length >> 1]?.toFixed(1)} s, all within ${waits.at(-1)?.toFixed(1)} s`;
      lines.push(line);
      if (named.length < 95) short.push(line);
    }
  }
  console.log(lines.join('\n'));
  expect(short).toEqual([]);
});

describe('a host that beats', () => {
  it.each(HEARTBEATS)('is not asked after, and costs one message a beat (heartbeat %i)', async (heartbeatSeconds) => {
    const play = new Play({ heartbeatSeconds, loss: 'none', event: 'lost', seed: 1 });
    const asked = vi.spyOn(play.here.hostStates, 'get');
    await play.run(3_000);
    const beats = play.here.stepFunctions.heartbeats;
    expect(asked).not.toHaveBeenCalled();
    expect(beats).toBeGreaterThanOrEqual(15);
    expect(play.reminded / beats).toBeLessThan(1.2);
    expect(play.here.stepFunctions.taken).toEqual([]);
  });
});
