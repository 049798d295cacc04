/** What holders of links may send instead of their own link in time, to both handlers. */
import { change, type Link, type LinkPurpose, seconds, signLink, taskClosed } from '@baton/token-lib';
import { sampleApprovalWork, START } from '@baton/token-lib/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { world, type World } from '../../test/world.ts';

const WORK = {
  approval: sampleApprovalWork(),
  webhook: { kind: 'webhook', url: 'https://partner.test/', payload: 1, timeoutSeconds: 3600 },
} as const;

/** Answers the status. */
const USE: Record<LinkPurpose, (here: World, link: string) => Promise<number>> = {
  approval: async (here, link) => (await here.approvals(link, 'POST', 'decision=approved')).status,
  webhook: (here, link) =>
    here.webhooks(link, { status: 'success', output: 1 }).then(
      ({ status }) => status,
      (error: Error) => (error.name === 'Baton.LinkRefused' ? 403 : Promise.reject(error)),
    ),
};

const other = { approval: 'webhook', webhook: 'approval' } as const;

describe.each(['approval', 'webhook'] as const)('a link for the handler "%s"', (purpose) => {
  async function asked() {
    const here = world();
    const { callbackId, deadline: expiresAt, token } = await here.dispatchWork(WORK[purpose]);
    const approver = purpose === 'approval' ? 0 : undefined;
    const sign = (over: Partial<Link> = {}) =>
      signLink(here.linkKeys, { purpose, callbackId, approver, expiresAt, ...over });
    const use = (link: string) => USE[purpose](here, link);
    return { ...here, callbackId, token, sign, use };
  }

  it('works once', async () => {
    const { sign, use, stepFunctions } = await asked();
    expect(await use(await sign())).toBe(200);
    expect(await use(await sign())).toBe(409);
    expect(stepFunctions.taken).toHaveLength(1);
  });

  it('that was changed, lengthened or shortened anywhere is refused', async () => {
    const { sign, use, stepFunctions } = await asked();
    const link = await sign();
    const character = fc.constantFrom(...'aA0-_.', '', '%', ' ', 'é', '\0', '..');
    await fc.assert(
      fc.asyncProperty(fc.nat(link.length - 1), character, fc.boolean(), async (at, put, isAdded) => {
        const changed = link.slice(0, at) + put + link.slice(isAdded ? at : at + 1);
        fc.pre(changed !== link);
        expect(await use(changed)).toBe(403);
      }),
    );
    expect(stepFunctions.taken).toEqual([]);
  });

  it('is refused where it was signed for the other handler', async () => {
    const { sign, use, stepFunctions } = await asked();
    expect(await use(await sign({ purpose: other[purpose] }))).toBe(403);
    expect(stepFunctions.taken).toEqual([]);
  });

  it('opens its own callback and no other', async () => {
    const { sign, use, dispatchWork, row } = await asked();
    const second = await dispatchWork(WORK[purpose], 'second');
    expect(await use(await sign({ callbackId: second.callbackId }))).toBe(200);
    expect(await use(await sign())).toBe(200);
    expect(await use(await sign({ callbackId: '0'.repeat(26) }))).toBe(410);
    expect(row(second.callbackId)).toMatchObject({ state: 'Settled' });
  });

  it('opens no callback of another kind', async () => {
    const { sign, use, dispatchWork, stepFunctions } = await asked();
    const { callbackId } = await dispatchWork(WORK[other[purpose]], 'second');
    expect(await use(await sign({ callbackId }))).toBe(410);
    expect(stepFunctions.taken).toEqual([]);
  });

  it('is over with its time', async () => {
    const { sign, use, clock, stepFunctions } = await asked();
    clock.now += seconds(3_600);
    expect(await use(await sign())).toBe(410);
    expect(stepFunctions.taken).toEqual([]);
  });

  it('is over with its task, and with its execution', async () => {
    const first = await asked();
    first.stepFunctions.close(first.token);
    expect(await first.use(await first.sign())).toBe(410);
    const second = await asked();
    await change(second.table.store, second.table.rows.get(second.callbackId)!, (row) =>
      taskClosed(row, 'execution-ended', START),
    );
    expect(await second.use(await second.sign())).toBe(410);
    expect(second.stepFunctions.taken).toEqual([]);
  });
});
