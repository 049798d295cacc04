/**
 * Two attempts of one work on hosts, in full: the second begins after any call of the first, makes any number of calls before the first
 * goes on, and then both go to their ends; without a fault, with each one and with each two. Nothing here is chance.
 *
 * An attempt is a dispatch, a claim, a heartbeat and a report; claims and reports are made again where they got no answer. A fault of a
 * call is that its function ends after it, that it is refused, or that its answer is lost. (To end before a call is to end after the
 * one before.)
 */
import {
  callbackIdOf,
  claim,
  dispatch,
  type Millis,
  reconcile,
  relayHeartbeat,
  seconds,
  settle,
  success,
} from '@baton/token-lib';
import { OTHER_RUN_ID, RUN_ID, sampleContext, sampleToken, sampleWork } from '@baton/token-lib/testing';
import { createModel, type ModelPorts } from './order-model.ts';

export type Who = 'first' | 'second';

export const STEP_FAULTS = ['ends', 'refused', 'answer lost'] as const;
export interface StepFault {
  readonly who: Who;
  /** The number of the call, from 0. */
  readonly call: number;
  readonly fault: (typeof STEP_FAULTS)[number];
}

export interface Order {
  /** Calls of the first before the second begins. */
  readonly first: number;
  /** Calls of the second before the first goes on. */
  readonly second: number;
}

export interface Played {
  /** What must not happen, and did. */
  readonly wrong: readonly string[];
  /** How many calls each has made. */
  readonly calls: Readonly<Record<Who, number>>;
}

const RUN_IDS = { first: RUN_ID, second: OTHER_RUN_ID };
const TOKENS = { first: sampleToken('first'), second: sampleToken('second') };
/** The work's heartbeat, and the grace of a stop. */
const SILENT: Millis = seconds(60 + 10);
const TRIES = 40;
const ASKED_AGAIN: Millis = seconds(25);

export async function play(order: Order, faults: readonly StepFault[]): Promise<Played> {
  const model = createModel(faults);
  const { stepFunctions, clock, gate, table, commands } = model;
  const wrong: string[] = [];
  /** Until when the run of an attempt may be on its host. */
  const aliveUntil: Record<Who, Millis> = { first: 0, second: 0 };
  const promised = new Set<Who>();

  const isOpen = async (who: Who): Promise<boolean> =>
    (await stepFunctions.executions.fateOf('', TOKENS[who])).fate === 'open';

  async function attempt(who: Who): Promise<void> {
    const callbackId = callbackIdOf(TOKENS[who]);
    const context = sampleContext({ retryCount: who === 'first' ? 0 : 1 });
    await gate.invoke(who, (ports) => dispatch(ports, { token: TOKENS[who], context, work: sampleWork() }));
    const sent = commands.sent.find((command) => command.callbackId === callbackId);
    if (sent === undefined || !(await claims(who, sent.commandId))) return;
    const other = who === 'first' ? 'second' : 'first';
    if (aliveUntil[other] > clock.now) wrong.push('two runs at once');
    const beaten = await gate.invoke(who, async (ports) => {
      const row = await ports.store.read(callbackId);
      return row && relayHeartbeat(ports, row, { runId: RUN_IDS[who] }, clock.now);
    });
    aliveUntil[who] = 0;
    if (beaten?.answer !== 'stop') await report(who);
  }

  /** Where nobody answers, it is asked again; where an earlier run may go on, too. */
  async function claims(who: Who, commandId: string): Promise<boolean> {
    const request = { runId: RUN_IDS[who], commandId, bootId: 'boot' };
    for (let tries = 0; tries < TRIES; tries++) {
      const askedAt = clock.now;
      const answer = await gate.invoke(who, async (ports) => {
        const row = await ports.store.read(callbackIdOf(TOKENS[who]));
        return row && claim(ports, row, request, clock.now);
      });
      if (answer?.answer === 'granted') aliveUntil[who] = askedAt + SILENT;
      if (answer !== undefined && answer.answer !== 'wait') return answer.answer === 'granted';
      // It asks every five seconds; a few of those are enough here.
      clock.now += answer === undefined ? seconds(1) : ASKED_AGAIN;
    }
    return false;
  }

  async function report(who: Who): Promise<void> {
    const event = { from: { by: 'worker', runId: RUN_IDS[who] }, outcome: success(who), at: clock.now } as const;
    for (let tries = 0; tries < TRIES; tries++) {
      const wasOpen = await isOpen(who);
      const answer = await gate.invoke(who, async (ports) => {
        const row = await ports.store.read(callbackIdOf(TOKENS[who]));
        return row && settle(ports, row, { ...event, at: clock.now });
      });
      if (wasOpen && (answer === 'stored' || answer === 'applied')) promised.add(who);
      if (answer !== undefined && answer !== 'stored') return;
      clock.now += seconds(1);
    }
  }

  const steps = async (who: Who, count: number): Promise<void> => {
    for (let made = 0; made < count && (await gate.step(who)); made++);
  };
  void attempt('first');
  await steps('first', order.first);
  // Step Functions tries again what has ended without an outcome.
  if (await isOpen('first')) {
    if (!promised.has('first')) stepFunctions.close(TOKENS.first);
    void attempt('second');
  }
  await steps('second', order.second);
  await steps('first', Infinity);
  await steps('second', Infinity);
  await settleDown(model.ports, clock, table.rows);

  for (const who of promised)
    if ((await stepFunctions.executions.fateOf('', TOKENS[who])).fate !== 'succeeded')
      wrong.push('said to be durable, and lost');
  for (const row of table.rows.values()) if ('token' in row) wrong.push('left open');
  if (stepFunctions.taken.length > 1) wrong.push('settled twice');
  return { wrong: [...wrong, ...gate.thrown], calls: gate.calls };
}

/** Nothing breaks any more, and time goes on. */
async function settleDown(ports: ModelPorts, clock: { now: Millis }, rows: ReadonlyMap<string, object>): Promise<void> {
  for (let minutes = 0; minutes < 90 && [...rows.values()].some((row) => 'token' in row); minutes++) {
    clock.now += seconds(60);
    await reconcile(ports, clock.now);
  }
}

/** Every order and every set of two faults, one after the other; `every` plays each so-manieth only. */
export function* cases(
  calls: Readonly<Record<Who, number>>,
  every = 1,
): Generator<{ order: Order; faults: StepFault[] }> {
  const single: StepFault[] = (['first', 'second'] as const).flatMap((who) =>
    Array.from({ length: calls[who] }, (_, call) => STEP_FAULTS.map((fault) => ({ who, call, fault }))).flat(),
  );
  const sets: StepFault[][] = [[], ...single.map((fault) => [fault])];
  for (const [index, one] of single.entries())
    for (const other of single.slice(index + 1))
      if (one.who !== other.who || one.call !== other.call) sets.push([one, other]);
  let number = 0;
  for (let first = 0; first <= calls.first; first++)
    for (let second = 0; second <= calls.second; second++)
      for (const faults of sets) if (number++ % every === 0) yield { order: { first, second }, faults };
}
