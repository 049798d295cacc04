/**
 * Any sequence of what workers, AWS, time and crashes may do, several at once: the invariants hold after every step,
 * and in the end every callback is closed.
 */
import { isOpen, type Outcome, sameOutcome, seconds, type Stored } from '@baton/token-lib';
import { EXECUTION_ARN, OTHER_RUN_ID, RUN_ID, sampleRow, sampleToken, type TaskFault } from '@baton/token-lib/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { world, type World } from './world.ts';

const runs = fc.constantFrom(RUN_ID, OTHER_RUN_ID);
const attempts = fc.nat({ max: 2 });
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('claim' as const), attempt: attempts, run: runs }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('heartbeat' as const), attempt: attempts, run: runs }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('success' as const),
      attempt: attempts,
      run: runs,
      output: fc.nat({ max: 1 }),
    }),
  },
  fc.record({
    do: fc.constant('failure' as const),
    attempt: attempts,
    run: runs,
    error: fc.constantFrom('Baton.JobFailed', 'Baton.Stopped'),
  }),
  fc.record({ do: fc.constant('dispatch' as const) }),
  fc.record({
    do: fc.constant('commandEnded' as const),
    attempt: attempts,
    status: fc.constantFrom('Success', 'Failed'),
  }),
  fc.record({ do: fc.constant('executionEnded' as const) }),
  fc.record({ do: fc.constant('hostEnded' as const) }),
  fc.record({ do: fc.constant('spotWarning' as const) }),
  fc.record({ do: fc.constant('tick' as const) }),
  fc.record({ do: fc.constant('taskCloses' as const), attempt: attempts }),
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(1, 10, 30, 60, 300) }),
  },
  fc.record({
    do: fc.constant('fault' as const),
    fault: fc.constantFrom<TaskFault>(
      'answer lost',
      'not delivered',
      { answer: 'denied', error: 'AccessDenied' },
      { answer: 'rejected', error: 'InvalidOutput' },
    ),
  }),
  fc.record({
    do: fc.constant('crash' as const),
    write: fc.constantFrom(
      'insert',
      'become latest attempt',
      'replace Stored',
      'replace Dispatched',
      'replace Settling',
      'replace Settled',
      'replace Gone',
      'record losing outcome',
    ),
    moment: fc.constantFrom('before' as const, 'after' as const),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type StepOf<D extends Step['do']> = Extract<Step, { do: D }>;

/**
 * A run as its host knows it: alive until it reports, hears `stop`, or has been out of reach for its heartbeat and its
 * grace.
 */
interface LiveRun {
  readonly callbackId: string;
  readonly runId: string;
  aliveUntil: number;
}

class Model {
  readonly here: World = world();
  readonly dispatched: Pick<Stored, 'callbackId' | 'token'>[] = [];
  /** The first outcome that the store took, by callback. */
  readonly first = new Map<string, Outcome>();
  live: LiveRun[] = [];
  /** Counts hosts: what a lost one is answered starts nothing. */
  host = 0;

  async perform(action: Step): Promise<void> {
    const { here } = this;
    if (action.do === 'dispatch') return this.dispatch();
    if (action.do === 'wait') return void (here.clock.now += seconds(action.seconds));
    if (action.do === 'fault') return void here.stepFunctions.faults.push(action.fault);
    if (action.do === 'crash') return here.crashAt(action.write, action.moment);
    if (action.do === 'executionEnded') {
      // Step Functions closes the tasks of an execution before it says that the execution has ended.
      for (const { token } of this.dispatched) here.stepFunctions.close(token, 'ExecutionAborted');
      return here.executionEnded(EXECUTION_ARN);
    }
    if (action.do === 'hostEnded' || action.do === 'spotWarning' || action.do === 'tick') {
      if (action.do === 'hostEnded') {
        this.live = [];
        this.host += 1;
      }
      return here[action.do]();
    }
    const stored = this.dispatched[action.attempt];
    if (stored === undefined) return;
    if (action.do === 'taskCloses') return here.stepFunctions.close(stored.token);
    if (action.do === 'commandEnded') return here.commandEnded(stored.callbackId, action.status);
    return this.work(action, stored);
  }

  /** Step Functions retries only what has ended. */
  private async dispatch(): Promise<void> {
    const attempt = this.dispatched.length;
    const before = this.dispatched[attempt - 1];
    if (attempt > 2) return;
    if (before !== undefined) this.here.stepFunctions.close(before.token);
    const name = `attempt ${attempt}`;
    this.dispatched.push({ callbackId: sampleRow(name).callbackId, token: sampleToken(name) });
    await this.here.dispatch(name, attempt);
  }

  private async work(
    action: StepOf<'claim' | 'heartbeat' | 'success' | 'failure'>,
    { callbackId, token }: Pick<Stored, 'callbackId' | 'token'>,
  ): Promise<void> {
    const { here } = this;
    // A worker counts its silence from the moment it sent what was answered last, which is before the completer's time
    // of it.
    const sentAt = here.clock.now;
    const { host } = this;
    const known = this.live.find((run) => run.callbackId === callbackId && run.runId === action.run);
    if (action.do === 'claim') {
      // What claims was started by a command.
      if (!here.commands.sent.some((command) => command.callbackId === callbackId)) return;
      const { body } = await here.claim(callbackId, { runId: action.run });
      if (host === this.host && 'answer' in body && body.answer === 'granted')
        this.granted({ callbackId, runId: action.run, aliveUntil: sentAt + seconds(70) });
      return;
    }
    if (known === undefined) return;
    if (action.do === 'heartbeat') {
      const { body } = await here.heartbeat(callbackId, action.run);
      const fate = await here.stepFunctions.executions.fateOf(EXECUTION_ARN, token);
      const row = here.row(callbackId)!;
      if ('answer' in body && body.answer === 'stop') {
        const evidence = !['Stored', 'Dispatched'].includes(row.state) || fate.fate !== 'open';
        expect(evidence, 'stop needs evidence (L8)').toBe(true);
        known.aliveUntil = Math.min(known.aliveUntil, here.clock.now + seconds(10));
      } else known.aliveUntil = Math.max(known.aliveUntil, sentAt + seconds(70));
      return;
    }
    // A worker reports when its process is over.
    this.live = this.live.filter((run) => run !== known);
    if (action.do === 'success') await here.success(callbackId, action.output, action.run);
    else await here.failure(callbackId, action.error, action.run);
  }

  private granted(granted: LiveRun): void {
    const { callbackId, runId } = granted;
    const { now } = this.here.clock;
    const others = this.live.filter(
      (run) => run.aliveUntil > now && (run.callbackId !== callbackId || run.runId !== runId),
    );
    expect(others, 'one run per work (L7)').toEqual([]);
    this.live = [granted];
  }

  check(): void {
    for (const row of this.here.table.rows.values()) {
      expect('token' in row, 'closed rows have no token (L3)').toBe(isOpen(row));
      if (isOpen(row)) expect(row.dueAt, 'open rows are due at some time (L6)').toBeTypeOf('number');
      if (row.state === 'Settling' || row.state === 'Settled') {
        const first = this.first.get(row.callbackId) ?? row.outcome;
        this.first.set(row.callbackId, first);
        const replaced = row.outcome.type === 'failure' && row.outcome.error === 'Baton.OutputRejected';
        expect(replaced || sameOutcome(row.outcome, first), 'the first outcome wins (L2)').toBe(true);
      }
    }
    expect(this.here.stepFunctions.taken.length).toBeLessThanOrEqual(this.dispatched.length);
  }

  /** The host goes, nothing breaks any more, time passes: everything must come to its end. */
  async settleDown(): Promise<void> {
    const { here } = this;
    here.disarm();
    here.stepFunctions.faults.length = 0;
    for (let round = 0; round < 20; round++) {
      here.clock.now += seconds(300);
      await here.hostEnded();
      await here.tick();
    }
    expect([...here.table.rows.values()].filter(isOpen)).toEqual([]);
    expect(await here.table.open.due(Infinity, 10)).toEqual([]);
    for (const row of here.table.rows.values()) {
      if (row.state !== 'Settled') continue;
      const { outcome } = row;
      expect(
        here.stepFunctions.taken.some((taken) => sameOutcome(taken, outcome)),
        'what is settled was taken (L1)',
      ).toBe(true);
    }
  }
}

it('whatever happens, one outcome is told, the first one wins, and nothing is left open', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { maxLength: 25 }), async (turns) => {
      const model = new Model();
      await model.perform({ do: 'dispatch' });
      for (const together of turns) {
        const ended = await Promise.allSettled(together.map((action) => model.perform(action)));
        for (const result of ended) if (result.status === 'rejected') expectHarmless(result.reason);
        model.check();
      }
      await model.settleDown();
      model.check();
    }),
    { numRuns: 500 },
  );
});

/** A crash of the completer, or a refusal in Baton's own words; a broken claim of this file is neither. */
function expectHarmless(reason: unknown): void {
  const crashed = reason instanceof AggregateError || (reason instanceof Error && reason.message === 'crashed');
  const refused = reason instanceof Error && reason.name.startsWith('Baton.');
  if (!crashed && !refused) throw reason;
}
