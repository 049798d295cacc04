/** The contract of the store, the latest attempts and the indexes, for every implementation of the table. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Callback } from '../lifecycle/callback.ts';
import { dispatched, supersede } from '../lifecycle/dispatch.ts';
import { grantClaim, heartbeat } from '../lifecycle/run.ts';
import { report, told } from '../lifecycle/settle.ts';
import { countVote } from '../lifecycle/vote.ts';
import { failure, success } from '../wire/outcome.ts';
import type { CallbackRecords, CallbackStore, OpenCallbacks, LatestAttempt, LatestAttempts } from '../ports.ts';
import { openCallbacksContract } from './open-callbacks-contract.ts';
import {
  EXECUTION_ARN,
  fromOperator,
  INSTANCE_ID,
  largeWork,
  nextOf,
  RUN_ID,
  sampleApprovalWork,
  sampleRow,
  sampleWork,
  START,
} from './samples.ts';

export interface TableUnderTest {
  readonly store: CallbackStore;
  readonly latestAttempts: LatestAttempts;
  readonly open: OpenCallbacks;
  readonly records: CallbackRecords;
  close?(): Promise<void>;
}

/** Rows of class instances, compared by what they hold. */
const shown = (row: Callback | undefined): unknown => JSON.parse(JSON.stringify(row ?? null));

export function tableContract(name: string, create: () => Promise<TableUnderTest>): void {
  describe(`${name} keeps the table's promises`, () => {
    let table: TableUnderTest;
    beforeAll(async () => {
      table = await create();
    });
    afterAll(async () => table.close?.());

    const claimed = async (label: string): Promise<Callback> => {
      const stored = sampleRow(label, { executionArn: `${EXECUTION_ARN}-${label}` });
      await table.store.insert(stored);
      const sent = nextOf(dispatched(stored, 'command-1'));
      await table.store.replace(sent);
      const running = nextOf(grantClaim(sent, { runId: RUN_ID, commandId: 'command-1', bootId: 'boot' }, START));
      await table.store.replace(running);
      return running;
    };

    it('inserts a row once and answers the second insert with the first row', async () => {
      const row = sampleRow('insert');
      expect(await table.store.insert(row)).toBeUndefined();
      expect(shown(await table.store.insert({ ...row, dueAt: 1 }))).toEqual(shown(row));
    });

    it('answers undefined for a row that is not there', async () => {
      expect(await table.store.read(sampleRow('never stored').callbackId)).toBeUndefined();
    });

    it('reads back every field of every state', async () => {
      const running = await claimed('fields');
      const beating = nextOf(
        heartbeat(running, { runId: RUN_ID, progress: { done: 0.5, list: [1, null, true] } }, START + 1),
      );
      await table.store.replace(beating);
      expect(shown(await table.store.read(running.callbackId))).toEqual(shown(beating));
      const settling = nextOf(report(beating, { from: fromOperator, outcome: success({ rows: 3 }), at: START }));
      await table.store.replace(settling);
      expect(shown(await table.store.read(running.callbackId))).toEqual(shown(settling));
      const settled = nextOf(told(settling, { answer: 'accepted' }, START));
      await table.store.replace(settled);
      expect(shown(await table.store.read(running.callbackId))).toEqual(shown(settled));
    });

    it('reads back the votes of a question', async () => {
      const question = sampleRow('question', {}, 0, sampleApprovalWork({ needed: 2 }));
      await table.store.insert(question);
      const voted = nextOf(
        countVote(question, sampleApprovalWork({ needed: 2 }), {
          approver: 0,
          decision: 'approved',
          comment: 'fine',
          at: START,
        }),
      );
      await table.store.replace(voted);
      expect(shown(await table.store.read(question.callbackId))).toEqual(shown(voted));
    });

    it('keeps large work apart from its row, whoever replaces the row, and gives it back (heartbeats do not read it)', async () => {
      const row = sampleRow('large work', {}, 0, largeWork());
      expect(await table.store.insert(row)).toBeUndefined();
      const sent = nextOf(dispatched(row, 'message-1'));
      expect(await table.store.replace(sent)).toBeUndefined();
      const read = (await table.store.read(row.callbackId))!;
      expect(shown(read)).toEqual(shown({ ...sent, work: 'apart' }));
      const beating = nextOf(heartbeat(read, {}, START + 1));
      await table.store.replace(beating);
      expect(await table.store.workOf(row)).toEqual(largeWork());
      expect(shown(await table.store.insert(row))).toEqual(shown(beating));
    });

    it('keeps small work in its row, and what another release has added to a row', async () => {
      const work = { ...sampleWork(), environment: { A: '1' }, later: { than: ['this'] } };
      const row = { ...sampleRow('small work', {}, 0, work), foreign: { flavour: { S: 'new' } } };
      await table.store.insert(row);
      const read = await table.store.read(row.callbackId);
      expect(shown(read)).toEqual(shown(row));
      expect(await table.store.workOf(read!)).toEqual(work);
      const sent = nextOf(dispatched(read!, 'command-1'));
      await table.store.replace(sent);
      await table.store.replace(nextOf(supersede(sent, START)));
      expect((await table.store.read(row.callbackId))?.foreign).toEqual({ flavour: { S: 'new' } });
    });

    it('says where large work is not stored any more', async () => {
      await expect(table.store.workOf({ ...sampleRow('lost work'), work: 'apart' })).rejects.toThrow(
        expect.objectContaining({ code: 'Unavailable' }) as Error,
      );
    });

    it('lets one of two writers of the same version win, and tells the loser the winner', async () => {
      const running = await claimed('race');
      const outcomes = ['a', 'b', 'c', 'd'].map((word) => success(word));
      const writes = outcomes.map((outcome) => nextOf(report(running, { from: fromOperator, outcome, at: START })));
      const answers = await Promise.all(writes.map((write) => table.store.replace(write)));
      expect(answers.filter((answer) => answer === undefined)).toHaveLength(1);
      const winner = shown(await table.store.read(running.callbackId));
      for (const answer of answers) if (answer !== undefined) expect(shown(answer)).toEqual(winner);
    });

    it('keeps an output of the full size beside the work', async () => {
      const running = await claimed('large');
      const outcome = success('x'.repeat(262_142));
      const settling = nextOf(report(running, { from: fromOperator, outcome, at: START }));
      expect(await table.store.replace(settling)).toBeUndefined();
      await table.store.recordLosingOutcome({
        callbackId: running.callbackId,
        verdict: 'conflict',
        by: 'worker',
        outcome,
        at: START,
      });
      expect(shown(await table.store.read(running.callbackId))).toEqual(shown(settling));
    });

    it('keeps an outcome that did not win, and the same one again without complaint', async () => {
      const { callbackId } = await claimed('kept');
      const kept = {
        callbackId,
        verdict: 'late',
        by: 'worker',
        outcome: failure('Baton.JobFailed', 'exit 3'),
        at: START,
      } as const;
      await table.store.recordLosingOutcome(kept);
      await table.store.recordLosingOutcome({ ...kept, at: START + 1 });
      const byHand = { ...kept, ...fromOperator, at: START + 2 };
      await table.store.recordLosingOutcome(byHand);
      expect(await table.records.losingOutcomes(callbackId)).toEqual([kept, byHand]);
      expect(await table.records.losingOutcomes(sampleRow('nothing kept').callbackId)).toEqual([]);
    });

    it('shows operators every open row, of all, of an execution, of a host, and no closed one', async () => {
      const running = await claimed('records');
      const { callbackId, context } = running;
      const idsOf = async (of?: Parameters<CallbackRecords['open']>[0]) =>
        (await table.records.open(of)).rows.map((row) => row.callbackId);
      expect(await idsOf({ executionArn: context.executionArn })).toEqual([callbackId]);
      expect(await idsOf({ instanceId: INSTANCE_ID })).toContain(callbackId);
      expect(await idsOf({ instanceId: 'i-0000000000000dead' })).toEqual([]);
      expect(await idsOf()).toContain(callbackId);
      await table.store.replace(nextOf(supersede(running, START)));
      expect(await idsOf()).not.toContain(callbackId);
    });

    it('lists open rows by their keys, closed ones by page, and reads rows of any state by id', async () => {
      const open = sampleRow('listed open');
      const running = await claimed('listed closed');
      const closed = nextOf(supersede(running, START));
      await table.store.insert(open);
      await table.store.replace(closed);
      expect(await table.records.openKeys()).toContainEqual({ callbackId: open.callbackId, dueAt: open.dueAt });
      const ids = [open.callbackId, closed.callbackId, sampleRow('never stored').callbackId];
      expect((await table.records.rows(ids)).rows.map(({ state }) => state).sort()).toEqual(['Gone', 'Stored']);
      const found: string[] = [];
      let next: string | undefined;
      do {
        const page = await table.records.closed(next);
        found.push(...page.rows.map(({ callbackId }) => callbackId));
        next = page.next;
      } while (next !== undefined);
      expect(found).toContain(closed.callbackId);
      expect(found).not.toContain(open.callbackId);
    });

    it('reads more rows than fit one call', async () => {
      const executionArn = `${EXECUTION_ARN}-many`;
      const many = Array.from({ length: 120 }, (_, index) => index);
      const rows = many.map((mapIndex) => sampleRow(`many ${mapIndex}`, { executionArn, mapIndex }));
      await Promise.all(rows.map((row) => table.store.insert(row)));
      expect((await table.records.open({ executionArn })).rows).toHaveLength(rows.length);
    });

    openCallbacksContract(() => table, claimed);

    it('replaces the head of work that was read, and no other (L7)', async () => {
      const [first, second, third] = [0, 1, 2].map((epoch) => ({
        workKey: 'work',
        epoch,
        callbackId: sampleRow(`head ${epoch}`).callbackId,
        expiresAtSeconds: 2_000_000_000,
      })) as [LatestAttempt, LatestAttempt, LatestAttempt];
      expect(await table.latestAttempts.read('work')).toBeUndefined();
      expect(await table.latestAttempts.replace(first, undefined)).toBe(true);
      expect(await table.latestAttempts.replace(second, undefined)).toBe(false);
      expect(await table.latestAttempts.read('work')).toEqual(first);
      expect(await table.latestAttempts.replace(third, first)).toBe(true);
      expect(await table.latestAttempts.replace(second, first)).toBe(false);
      expect(await table.latestAttempts.read('work')).toEqual(third);
    });
  });
}
