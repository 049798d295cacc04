/** Every event against every state, as tables. */
import { describe, expect, it } from 'vitest';
import { type Callback, isOpen } from './callback.ts';
import { FailureName } from '../wire/errors.ts';
import { seconds } from '../wire/millis.ts';
import { failure, success } from '../wire/outcome.ts';
import { DISPATCH_LEASE, REPORT_GRACE, SILENCE_MARGIN, TELL_LEASE } from './policy.ts';
import { STOP_GRACE_SECONDS } from '../wire/limits.ts';
import type { TaskAnswer } from './send-task-errors.ts';
import { fromOperator, OTHER_RUN_ID, RUN_ID, sampleRow, START } from '../testing/samples.ts';
import type { Decision } from './decision.ts';
import { dispatched, linkToPredecessor, notStarted, supersede, takeLease } from './dispatch.ts';
import { cancelled, commandEnded, hostWarned, review, taskClosed } from './observe.ts';
import { grantClaim, heartbeat, precedence } from './run.ts';
import { confirmed, report, tellAgain, told } from './settle.ts';

const at = START + seconds(5);
const later = START + seconds(600);
const request = { runId: RUN_ID, commandId: 'command-1', bootId: 'boot-1' };
const fromWorker = { by: 'worker', runId: RUN_ID } as const;
const outcome = success({ rows: 3 });
const timedOut: TaskAnswer = { answer: 'gone', error: 'TaskTimedOut' };
const nextIn = ({ next }: Decision): Callback | undefined => next;
const after = (row: Callback, decision: Decision): Callback => nextIn(decision) ?? row;

const stored = sampleRow();
const sent = after(stored, dispatched(stored, 'command-1'));
const running = after(sent, grantClaim(sent, request, at));
const settling = after(running, report(running, { from: fromWorker, outcome, at }));
const settled = after(settling, told(settling, { answer: 'accepted' }, at));
const gone = after(running, taskClosed(running, 'task-closed', at));
const states = { stored, sent, running, settling, settled, gone };
const due = (row: Callback): number => ('dueAt' in row ? (row.dueAt ?? Infinity) : Infinity);
type Name = keyof typeof states;
const table = (rows: Record<Name, unknown>) => Object.entries(rows) as [Name, unknown][];

describe('dispatched', () => {
  it.each(
    table({
      stored: 'Dispatched',
      sent: 'Dispatched',
      running: 'Dispatched',
      settling: 'Settling',
      settled: 'Settled',
      gone: 'Gone',
    }),
  )('%s becomes %s', (name, state) => {
    expect(after(states[name], dispatched(states[name], 'command-2')).state).toBe(state);
  });
  it('keeps the command of a claim that was faster', () => {
    const early = after(stored, grantClaim(stored, request, at));
    expect(after(early, dispatched(early, 'command-2'))).toMatchObject({ state: 'Dispatched', receipt: 'command-1' });
  });
});

describe('a second dispatch of the same token (L5)', () => {
  it('is told that the first is at it, and goes on only past its lease', () => {
    expect(takeLease(stored, stored.dueAt - 1).answer).toBe('busy');
    expect(takeLease(stored, stored.dueAt)).toMatchObject({
      answer: 'taken',
      next: { dueAt: stored.dueAt + DISPATCH_LEASE },
    });
    expect(takeLease(running, later).answer).toBe('done');
  });
  it('closes what could not be started, unless it was after all', () => {
    const why = failure('Baton.HostNotAvailable', 'no');
    expect(notStarted(stored, why, at)).toMatchObject({
      answer: 'closed',
      next: { state: 'Gone', reason: 'not-started', outcome: why },
    });
    expect(notStarted(running, why, at)).toEqual({ answer: 'left' });
  });
  it('links a row to the attempt before, once', () => {
    const linked = after(stored, linkToPredecessor(stored, 'b'.repeat(26)));
    expect(linked.supersedes).toBe('b'.repeat(26));
    expect(nextIn(linkToPredecessor(linked, 'b'.repeat(26)))).toBeUndefined();
  });
});

describe('superseded (L7)', () => {
  it.each(
    table({ stored: 'Gone', sent: 'Gone', running: 'Gone', settling: 'Settling', settled: 'Settled', gone: 'Gone' }),
  )('%s becomes %s', (name, state) => {
    expect(after(states[name], supersede(states[name], later)).state).toBe(state);
  });
  it('is cancelled when a worker that obeys would be over, at once where none claimed, and never where nothing was sent', () => {
    expect(nextIn(supersede(running, later))).toMatchObject({ dueAt: at + seconds(60 + STOP_GRACE_SECONDS) });
    expect(nextIn(supersede(sent, later))).toMatchObject({ dueAt: later });
    expect(nextIn(supersede(stored, later))).toMatchObject({ dueAt: undefined });
  });
});

describe('a claim (L7)', () => {
  it.each(
    table({
      stored: 'granted',
      sent: 'granted',
      running: 'granted',
      settling: 'refused',
      settled: 'refused',
      gone: 'refused',
    }),
  )('by the same run on %s is %s', (name, verdict) => {
    expect(grantClaim(states[name], request, at).answer).toBe(verdict);
  });
  it.each([
    ['another process', { ...request, runId: OTHER_RUN_ID }, /another process/],
    ['the host after a restart', { ...request, bootId: 'boot-2' }, /restarted/],
    ['another command', { ...request, commandId: 'command-2' }, /another command/],
  ])('by %s is refused, and says why', (_, other, reason) => {
    expect(grantClaim(running, other, at)).toMatchObject({
      answer: 'refused',
      reason: expect.stringMatching(reason) as string,
    });
  });
  it('that was sent before, and comes late, does not make the run longer silent than it is', () => {
    const beating = after(running, heartbeat(running, { runId: RUN_ID }, later));
    expect(grantClaim(beating, request, at)).toMatchObject({
      answer: 'granted',
      next: { run: { lastContactAt: later } },
    });
  });
  it('is refused once the time is over', () => {
    expect(grantClaim(sent, request, sent.deadline).answer).toBe('refused');
    expect(grantClaim(sent, request, sent.deadline - 1).answer).toBe('granted');
  });
});

describe('a heartbeat (L8)', () => {
  it.each(
    table({ stored: 'stop', sent: 'stop', running: 'continue', settling: 'stop', settled: 'stop', gone: 'stop' }),
  )('on %s: %s', (name, verdict) => {
    expect(heartbeat(states[name], { runId: RUN_ID }, at).answer).toBe(verdict);
  });
  it('keeps the callback from being due, and moves it no more often than two beats in five', () => {
    let row = after(running, heartbeat(running, { runId: RUN_ID }, at));
    let moves = 0;
    for (let beat = 1; beat <= 100; beat++) {
      const now = at + seconds(20) * beat;
      const beating = after(row, heartbeat(row, { runId: RUN_ID }, now));
      expect(due(beating)).toBeGreaterThan(now + seconds(39));
      moves += Number(due(beating) !== due(row));
      row = beating;
    }
    expect(moves).toBeLessThanOrEqual(40);
  });
  it('moves nothing that is being dispatched, or whose command has ended', () => {
    const ended = after(running, commandEnded(running, { receipt: 'command-1', status: 'Failed', at }));
    expect(due(after(ended, heartbeat(ended, { runId: RUN_ID }, later)))).toBe(due(ended));
  });
  it('of another run is told to stop', () => {
    expect(heartbeat(running, { runId: OTHER_RUN_ID }, at).answer).toBe('stop');
  });
  it('never goes back in time, and leaves out progress that is too large', () => {
    const beating = after(running, heartbeat(running, { runId: RUN_ID, progress: { done: 1 } }, later));
    const next = after(beating, heartbeat(beating, { runId: RUN_ID, progress: { text: 'x'.repeat(5_000) } }, at));
    expect(next.run).toMatchObject({ lastContactAt: later, progress: { done: 1 } });
  });
});

describe('a report (L2)', () => {
  const other = failure('Baton.JobFailed', 'exit 3');
  const stopped = failure(FailureName.stopped, '');
  it.each([
    ...table({
      stored: 'notHolder',
      sent: 'notHolder',
      running: 'tell',
      settling: 'stored',
      settled: 'duplicate',
      gone: 'late',
    }).map((row) => [...row, outcome] as const),
    ...table({
      stored: 'notHolder',
      sent: 'notHolder',
      running: 'tell',
      settling: 'conflict',
      settled: 'conflict',
      gone: 'late',
    }).map((row) => [...row, other] as const),
    ...table({
      stored: 'notHolder',
      sent: 'notHolder',
      running: 'tell',
      settling: 'released',
      settled: 'released',
      gone: 'released',
    }).map((row) => [...row, stopped] as const),
  ])('of the worker on %s is %s', (name, verdict, said) => {
    expect(report(states[name], { from: fromWorker, outcome: said, at }).answer).toBe(verdict);
  });
  it.each(
    table({ stored: 'tell', sent: 'tell', running: 'tell', settling: 'ignored', settled: 'ignored', gone: 'ignored' }),
  )('of an observer on %s is %s', (name, verdict) => {
    expect(report(states[name], { from: { by: 'observer' }, outcome: other, at }).answer).toBe(verdict);
  });
  it.each(
    table({ stored: 'tell', sent: 'tell', running: 'tell', settling: 'conflict', settled: 'conflict', gone: 'late' }),
  )('of an operator on %s is %s', (name, verdict) => {
    expect(report(states[name], { from: fromOperator, outcome: other, at }).answer).toBe(verdict);
  });
  it('of an operator stays beside the outcome, with who and why, whatever becomes of it', () => {
    const byHand = after(running, report(running, { from: fromOperator, outcome, at }));
    const { operator } = fromOperator;
    expect(byHand).toMatchObject({ state: 'Settling', by: 'operator', operator });
    expect(after(byHand, told(byHand, { answer: 'accepted' }, at))).toMatchObject({ state: 'Settled', operator });
    expect(after(byHand, told(byHand, timedOut, at))).toMatchObject({ state: 'Gone', operator });
    expect(settling.operator).toBeUndefined();
  });
  it('of a second process is nobody’s', () => {
    for (const row of Object.values(states)) {
      expect(report(row, { from: { by: 'worker', runId: OTHER_RUN_ID }, outcome, at }).answer).toBe('notHolder');
    }
  });
  it('of an observer is void after a sign of life', () => {
    const lost = { from: { by: 'observer' }, outcome: other, at: later } as const;
    expect(report(running, { ...lost, unheardSince: at }).answer).toBe('tell');
    expect(report(running, { ...lost, unheardSince: at - 1 }).answer).toBe('ignored');
  });
  it('of a host’s end releases the run, although the outcome is decided (L7)', () => {
    const lost = { from: { by: 'observer' }, outcome: other, at } as const;
    const decided = after(running, report(running, lost));
    expect(report(decided, lost)).toEqual({ answer: 'ignored' });
    expect(report(decided, { ...lost, runIsOver: true })).toMatchObject({
      answer: 'ignored',
      next: { state: 'Settling', run: { releasedAt: at } },
    });
  });
  it('releases the run, so that the next attempt may start and nothing is left to cancel (L7)', () => {
    expect(settling.run?.releasedAt).toBe(at);
    expect(nextIn(report(gone, { from: fromWorker, outcome: stopped, at: later }))).toMatchObject({
      run: { releasedAt: later },
      dueAt: undefined,
    });
    expect(nextIn(report(running, { from: { by: 'observer' }, outcome: other, at }))?.run?.releasedAt).toBeUndefined();
    expect(
      nextIn(report(running, { from: { by: 'observer' }, outcome: other, at, runIsOver: true }))?.run?.releasedAt,
    ).toBe(at);
  });
});

describe('told (the table of SendTask* errors)', () => {
  const again = after(settling, tellAgain(settling, settling.state === 'Settling' ? settling.dueAt : 0));
  it.each([
    ['accepted', { answer: 'accepted' }, 'applied', 'Settled'],
    ['gone at the first attempt', timedOut, 'late', 'Gone'],
    ['rejected for its token', { answer: 'rejected', error: 'InvalidToken' }, 'rejected', 'Gone'],
    ['denied', { answer: 'denied', error: 'AccessDeniedException' }, 'stored', 'Settling'],
    ['transient', { answer: 'transient', error: 'TimeoutError' }, 'stored', 'Settling'],
  ] as [string, TaskAnswer, string, string][])('%s', (_, said, verdict, state) => {
    const decision = told(settling, said, at);
    expect(decision.answer).toBe(verdict);
    expect(after(settling, decision).state).toBe(state);
  });
  it('gone after an earlier attempt is unconfirmed: the first may have been accepted', () => {
    expect(told(again, timedOut, at)).toMatchObject({ answer: 'unconfirmed' });
  });
  it.each([
    ['succeeded', 'applied', 'Settled'],
    ['closed', 'late', 'Gone'],
    ['failed', 'late', 'Gone'],
    ['open', 'stored', 'Settling'],
    ['unknown', 'stored', 'Settling'],
  ] as const)('the history says %s: %s', (fate, verdict, state) => {
    const decision = confirmed(again, { fate, by: 'TaskTimedOut', error: 'Other', why: 'denied' }, at);
    expect(decision.answer).toBe(verdict);
    expect(after(again, decision).state).toBe(state);
  });
  it('an output that Step Functions refuses fails the task instead, once', () => {
    const decision = told(settling, { answer: 'rejected', error: 'InvalidOutput' }, at);
    expect(decision).toMatchObject({
      answer: 'tell',
      next: { attempts: 2, outcome: { error: 'Baton.OutputRejected' } },
    });
    const failing = after(settling, decision);
    expect(told(failing, { answer: 'rejected', error: 'ValidationException' }, at)).toMatchObject({
      answer: 'rejected',
      next: { state: 'Gone' },
    });
  });
  it('an output that is refused late, twice, does not close the failure that stands in its place', () => {
    const refusal = { answer: 'rejected', error: 'InvalidOutput' } as const;
    const failing = after(settling, told(settling, refusal, at));
    expect(told(failing, refusal, later, { outcome })).toMatchObject({
      answer: 'tell',
      next: { state: 'Settling', attempts: 3, outcome: { error: 'Baton.OutputRejected' } },
    });
  });
  it('is told again only when the attempt before is over', () => {
    expect(tellAgain(settling, at + TELL_LEASE - 1).answer).toBe('stored');
    expect(tellAgain(settling, at + TELL_LEASE)).toMatchObject({ answer: 'tell', next: { attempts: 2 } });
  });
  it('does nothing to what is closed', () => {
    expect(told(settled, timedOut, later)).toEqual({ answer: 'applied' });
    expect(told(gone, timedOut, later)).toEqual({ answer: 'late' });
  });
});

describe('observers (L6)', () => {
  const end = { receipt: 'command-1', status: 'Failed', at: later };
  it.each(
    table({
      stored: 'watch',
      sent: 'lost',
      running: 'watch',
      settling: 'ignored',
      settled: 'ignored',
      gone: 'ignored',
    }),
  )('the command’s end on %s: %s', (name, verdict) => {
    expect(commandEnded(states[name], end).answer).toBe(verdict);
  });
  it('the end of another command says nothing', () => {
    expect(commandEnded(running, { ...end, receipt: 'command-2' })).toEqual({ answer: 'ignored' });
  });
  it('the same end twice is one', () => {
    const watched = after(running, commandEnded(running, end));
    expect(commandEnded(watched, { ...end, at: later + 1 })).toEqual({ answer: 'ignored' });
  });
  it.each(
    table({ stored: 'Gone', sent: 'Gone', running: 'Gone', settling: 'Settling', settled: 'Settled', gone: 'Gone' }),
  )('the execution’s end leaves %s %s', (name, state) => {
    expect(after(states[name], taskClosed(states[name], 'execution-ended', at)).state).toBe(state);
  });
  it('a Spot warning marks, once', () => {
    const warned = after(running, hostWarned(running, 'terminate', at));
    expect(warned).toMatchObject({ state: 'Dispatched', hostWarning: { action: 'terminate', at } });
    expect(nextIn(hostWarned(warned, 'stop', later))).toBeUndefined();
  });
});

describe('review', () => {
  it.each(
    table({
      stored: 'findCommand',
      sent: 'inquire',
      running: 'nothing',
      settling: 'tell',
      settled: 'nothing',
      gone: 'cancel',
    }),
  )('of %s when it is due: %s', (name, answer) => {
    expect(review(states[name], due(states[name])).answer).toBe(answer);
    expect(review(states[name], due(states[name]) - 1).answer).toBe('nothing');
  });
  it('puts a row off whose worker was heard of since, and asks when it falls silent', () => {
    const put = after(running, review(running, due(running)));
    expect(due(put)).toBe(at + seconds(60) + SILENCE_MARGIN);
    expect(review(put, due(put)).answer).toBe('inquire');
  });
  it('asks at the deadline even where the worker beats on', () => {
    const beating = after(running, heartbeat(running, { runId: RUN_ID }, running.deadline));
    expect(review(beating, running.deadline + SILENCE_MARGIN).answer).toBe('inquire');
  });
  it('gives the worker its grace after its command ended, and longer where it lives on', () => {
    const watched = after(running, commandEnded(running, { receipt: 'command-1', status: 'Failed', at: later }));
    expect(review(watched, later + REPORT_GRACE - 1).answer).toBe('nothing');
    expect(review(watched, later + REPORT_GRACE).answer).toBe('lost');
    const alive = after(watched, heartbeat(watched, { runId: RUN_ID }, later + seconds(2)));
    expect(review(alive, later + REPORT_GRACE)).toMatchObject({
      answer: 'nothing',
      next: { dueAt: later + seconds(62) + REPORT_GRACE },
    });
  });
  it('has nothing to cancel twice', () => {
    const quiet = after(gone, cancelled(gone));
    expect(due(quiet)).toBe(Infinity);
    expect(nextIn(cancelled(quiet))).toBeUndefined();
  });
});

describe('an earlier attempt (L7)', () => {
  const over = at + seconds(60 + STOP_GRACE_SECONDS);
  it('is waited for until its run must be over', () => {
    expect(precedence(running, over - 1)).toEqual({ answer: 'wait', until: over });
    expect(precedence(running, over)).toEqual({ answer: 'go' });
  });
  it('is not waited for once it has reported', () => {
    expect(precedence(settling, at)).toEqual({ answer: 'go' });
  });
  it('that was never claimed leads to the one before it', () => {
    expect(precedence({ ...sent, supersedes: 'b'.repeat(26) }, at)).toEqual({ answer: 'look', at: 'b'.repeat(26) });
    expect(precedence(sent, at)).toEqual({ answer: 'go' });
  });
});

it('closed rows have no token (L3)', () => {
  for (const row of Object.values(states)) expect('token' in row).toBe(isOpen(row));
});
