import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Callback, Dispatched, Vote } from './callback.ts';
import { vote } from '../operations/vote.ts';
import { seconds } from '../wire/millis.ts';
import {
  fakeReminders,
  fakeStepFunctions,
  memoryTable,
  nextOf,
  sampleApprovalWork,
  sampleRow,
  START,
  workIn,
} from '../testing/index.ts';
import type { ApprovalWork } from '../kinds/approval.ts';
import type { Decision } from './decision.ts';
import { dispatched } from './dispatch.ts';
import { type Ballot, countUnreached, countVote, tally, type VoteDecision } from './vote.ts';

const asked = (work: Partial<ApprovalWork> = {}): Dispatched => {
  const row = sampleRow('first', {}, 0, sampleApprovalWork(work));
  return nextOf(dispatched(row, 'notice-1'));
};
const ballot = (approver: number, decision: Vote['decision'], at = START): Ballot => ({ approver, decision, at });

const cast = (row: Callback, each: Ballot) => countVote(row, workIn(row), each);

function decisive(decision: VoteDecision): Extract<VoteDecision, { answer: 'decides' }> {
  if (decision.answer !== 'decides') throw new Error(decision.answer);
  return decision;
}

/** The votes one after another, as rows: what each was answered, and where it ended. */
function votesOn(row: Callback, ballots: readonly Ballot[]): { row: Callback; verdicts: VoteDecision['answer'][] } {
  const verdicts: VoteDecision['answer'][] = [];
  for (const each of ballots) {
    const decided: Decision & VoteDecision = cast(row, each);
    verdicts.push(decided.answer);
    row = decided.next ?? row;
  }
  return { row, verdicts };
}

describe('votes come to', () => {
  const yes = 'approved';
  const no = 'denied';
  it.each<[string, { needed: number; veto: boolean }, Vote['decision'][], Vote['decision'] | undefined]>([
    ['nothing, before the first', { needed: 1, veto: true }, [], undefined],
    ['an approval, with one of one', { needed: 1, veto: true }, [yes], yes],
    ['nothing, with one of two', { needed: 2, veto: true }, [yes], undefined],
    ['an approval, with two of two', { needed: 2, veto: true }, [yes, yes], yes],
    ['a denial, by a veto', { needed: 1, veto: true }, [no], no],
    ['a denial, by a veto after an approval', { needed: 2, veto: true }, [yes, no], no],
    ['nothing, by a denial without a veto', { needed: 1, veto: false }, [no], undefined],
    ['an approval, over a denial without a veto', { needed: 2, veto: false }, [no, yes, yes], yes],
    ['a denial, when so many cannot be reached', { needed: 2, veto: false }, [no, no], no],
    ['a denial, when all are needed', { needed: 3, veto: false }, [yes, no], no],
  ])('%s', (_, rule, decisions, result) => {
    const votes = decisions.map((decision, index) => ({ approver: `a${index}`, decision, at: START }));
    expect(tally({ ...sampleApprovalWork(), ...rule }, votes)).toBe(result);
  });
});

describe('the vote that decides', () => {
  it('is one write with its outcome (L1)', () => {
    const { next, answer } = decisive(cast(asked(), { ...ballot(0, 'approved'), comment: 'fine' }));
    expect(answer).toBe('decides');
    expect(next).toMatchObject({
      state: 'Settling',
      attempts: 1,
      by: 'person',
      votes: [{ approver: 'Ann', comment: 'fine' }],
    });
    expect(next.outcome.type === 'success' && JSON.parse(next.outcome.output)).toEqual({
      decision: 'approved',
      decidedAt: new Date(START).toISOString(),
      votes: [{ approver: 'Ann', decision: 'approved', comment: 'fine', at: new Date(START).toISOString() }],
    });
  });

  it('is told as the last in time, although another was counted last', () => {
    const { row } = votesOn(asked({ needed: 2 }), [ballot(0, 'approved', START + 5), ballot(1, 'approved', START)]);
    expect(row.state === 'Settling' && row.outcome.type === 'success' && JSON.parse(row.outcome.output)).toMatchObject({
      decidedAt: new Date(START + 5).toISOString(),
      votes: [{ approver: 'Bob' }, { approver: 'Ann' }],
    });
  });

  it('is a failure where the author wants a denial to be one', () => {
    const { next } = decisive(cast(asked({ deny: 'failure' }), ballot(1, 'denied')));
    expect(next).toMatchObject({ state: 'Settling', outcome: { type: 'failure', error: 'Baton.Denied' } });
  });

  it.each([
    ['an approver that there is not', ballot(3, 'approved')],
    ['one that comes with the deadline', ballot(0, 'approved', START + seconds(3600))],
  ])('is not %s', (_, late) => {
    expect(cast(asked(), late)).toEqual({ answer: 'closed' });
  });

  it('is no vote on work of another kind', () => {
    expect(cast(sampleRow(), ballot(0, 'approved'))).toEqual({ answer: 'closed' });
  });
});

const rules = fc
  .record({ people: fc.integer({ min: 1, max: 5 }), needed: fc.integer({ min: 1, max: 5 }), veto: fc.boolean() })
  .map(({ people, needed, veto }) => ({
    approvers: Array.from({ length: people }, (_, index) => ({ name: `a${index}` })),
    needed: Math.min(people, needed),
    veto,
  }));
const ballots = fc.array(
  fc.record({ approver: fc.nat(5), decision: fc.constantFrom<Vote['decision'][]>('approved', 'denied') }),
  { maxLength: 20 },
);

describe('whatever the order and the repetitions', () => {
  it('there is one decision at most, and it is that of the first votes of each approver', () =>
    fc.assert(
      fc.property(rules, ballots, (rule, cast) => {
        const { row, verdicts } = votesOn(
          asked(rule),
          cast.map((each, index) => ({ ...each, at: START + index })),
        );
        const decisive = verdicts.filter((verdict) => verdict === 'decides').length;
        const votes = row.votes ?? [];
        expect(new Set(votes.map(({ approver }) => approver)).size).toBe(votes.length);
        expect(decisive).toBe(row.state === 'Settling' ? 1 : 0);
        expect(tally({ ...sampleApprovalWork(), ...rule }, votes) !== undefined).toBe(row.state === 'Settling');
        if (row.state === 'Settling')
          expect(tally({ ...sampleApprovalWork(), ...rule }, votes.slice(0, -1))).toBeUndefined();
        for (const { approver, decision } of votes) {
          expect(cast.find((each) => `a${each.approver}` === approver)?.decision).toBe(decision);
        }
      }),
    ));

  it('when every approver has voted, it is decided', () =>
    fc.assert(
      fc.property(rules, fc.infiniteStream(fc.boolean()), (rule, coins) => {
        const cast = rule.approvers.map((_, approver) => ballot(approver, coins.next().value ? 'approved' : 'denied'));
        expect(votesOn(asked(rule), cast).row.state).toBe('Settling');
      }),
    ));

  it('votes at the same time are each counted once, and Step Functions is told once', () =>
    fc.assert(
      fc.asyncProperty(rules, ballots, async (rule, cast) => {
        const table = memoryTable();
        const { tasks, executions, taken } = fakeStepFunctions();
        const stored = sampleRow('first', {}, 0, sampleApprovalWork(rule));
        await table.store.insert(stored);
        const quiet = { log: () => undefined, pause: async () => undefined, reminders: fakeReminders() };
        const ports = { store: table.store, tasks, executions, ...quiet };
        const answers = await Promise.all(cast.map((each) => vote(ports, stored, { ...each, at: START })));
        const decisive = answers.filter(({ answer }) => answer === 'decides').length;
        expect(taken).toHaveLength(decisive);
        expect(decisive).toBeLessThanOrEqual(1);
        expect(table.rows.get(stored.callbackId)?.state).toBe(decisive === 1 ? 'Settled' : 'Stored');
      }),
    ));
});

describe('an approver whom the question does not reach', () => {
  const lost = (approver: string) => ({ approver, why: 'the mail bounced', at: START });
  const answers = (row: Callback, ...approvers: string[]) => {
    const verdicts: string[] = [];
    for (const approver of approvers) {
      const decided = countUnreached(row, workIn(row), lost(approver));
      verdicts.push(decided.answer);
      if (decided.answer !== 'ignored') row = decided.next;
    }
    return { row, verdicts };
  };

  it.each([
    [1, ['Ann', 'Bob'], ['recorded', 'recorded']],
    [1, ['Ann', 'Bob', 'Cid'], ['recorded', 'recorded', 'fails']],
    [2, ['Ann', 'Bob'], ['recorded', 'fails']],
    [3, ['Ann'], ['fails']],
    [1, ['Ann', 'Ann'], ['recorded', 'ignored']],
    [1, ['Eve'], ['ignored']],
  ])('of three, %i needed: %j', (needed, approvers, verdicts) => {
    expect(answers(asked({ needed }), ...approvers).verdicts).toEqual(verdicts);
  });

  it('counts with those who have denied, and not where they have voted themselves', () => {
    const { row } = votesOn(asked({ needed: 2, veto: false }), [ballot(0, 'denied')]);
    expect(answers(row, 'Ann', 'Bob').verdicts).toEqual(['ignored', 'fails']);
  });

  it('is named in the failure', () => {
    expect(answers(asked({ needed: 3 }), 'Bob').row).toMatchObject({
      state: 'Settling',
      by: 'observer',
      outcome: { type: 'failure', error: 'Baton.ApproverUnreachable', cause: 'Bob: the mail bounced' },
    });
  });
});
