import { failure, success, type Outcome } from '@baton/token-lib';
import type { Platform } from './platform.ts';
import type { Wait } from './waits.ts';

/** A callback that a state waits for, in the hands of the test. */
export interface CallbackHandle {
  /** Baton's public name for it; none where the definition hands its token on by itself. */
  readonly callbackId: string | undefined;
  /** What the state asks for: the work, or what a plain definition sends beside its token. */
  readonly work: unknown;
  /** Votes as an approver, by name or e-mail address. @throws {Error} where there is no such approver, or nobody is asked any more */
  approve(approver: string, comment?: string): Promise<void>;
  deny(approver: string, comment?: string): Promise<void>;
  /** Ends the task with this output, as its worker. */
  succeed(output?: unknown): Promise<void>;
  /** Fails the task with this error, as its worker. */
  fail(error: string, cause?: string): Promise<void>;
  /** Sends a heartbeat, as its worker. Returns `stop` where nobody waits any more. */
  heartbeat(progress?: Readonly<Record<string, unknown>>): Promise<'continue' | 'stop'>;
}

export function callbackHandle(platform: Platform, wait: Wait, now: () => number): CallbackHandle {
  const { asked, state } = wait;
  const settleWith = async (outcome: Outcome): Promise<void> => {
    if (asked.by === 'baton' && asked.work.kind === 'webhook') {
      return platform.settle(asked.callbackId, { by: 'partner' }, outcome);
    }
    if (asked.by === 'baton' && asked.work.kind === 'approval') {
      throw new Error(`"${state}" asks people: run.callback('${state}').approve(...) or deny(...)`);
    }
    const reporter = await wait.reporter();
    if (reporter === undefined) throw new Error(`"${state}" lets nobody report: its job was not granted`);
    await reporter.report(outcome);
  };
  const decide = async (decision: 'approved' | 'denied', who: string, comment?: string): Promise<void> => {
    if (asked.by === 'token') {
      const at = new Date(now()).toISOString();
      return settleWith(
        success({
          decision,
          decidedAt: at,
          votes: [{ approver: who, decision, at, ...(comment !== undefined && { comment }) }],
        }),
      );
    }
    if (asked.work.kind !== 'approval')
      throw new Error(`"${state}" asks for no approval: its work is of kind ${asked.work.kind}`);
    const { approvers } = asked.work;
    const approver = approvers.findIndex(({ name, email }) => isCalled(who, name, email));
    if (approver < 0) {
      throw new Error(`"${state}" does not ask ${who}: it asks ${approvers.map(({ name }) => name).join(', ')}`);
    }
    const { answer } = await platform.vote(asked.callbackId, approver, decision, comment);
    if (answer === 'voted') throw new Error(`${who} has voted on "${state}" before: the first vote stands`);
    if (answer === 'closed') throw new Error(`"${state}" asks nobody any more`);
  };
  return {
    callbackId: asked.by === 'baton' ? asked.callbackId : undefined,
    work: asked.by === 'baton' ? asked.work : asked.sent,
    approve: (who, comment) => decide('approved', who, comment),
    deny: (who, comment) => decide('denied', who, comment),
    succeed: (output = null) => settleWith(success(output)),
    fail: (error, cause = '') => settleWith(failure(error, cause)),
    async heartbeat(progress) {
      const reporter = await wait.reporter();
      return reporter === undefined ? 'stop' : reporter.heartbeat(progress);
    },
  };
}

/** By name, by address, or by the address's first part. */
function isCalled(who: string, name: string, email = ''): boolean {
  const [wanted, ...known] = [who, name, email, email.split('@')[0] ?? ''].map((text) => text.toLowerCase());
  return wanted !== '' && known.includes(wanted ?? '');
}
