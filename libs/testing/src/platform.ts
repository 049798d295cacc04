/**
 * Baton in this process: the operations that the dispatcher and the completer run, over a table in memory and the test's clock. No request, no thread,
 * no pause: what an operation waits for within a call passes at once.
 */
import {
  type Callback,
  type CallbackId,
  callbackIdOf,
  claim,
  dispatch,
  type DispatchAnswer,
  DispatchContext,
  observeExecutionEnd,
  observeHostEnd,
  type Outcome,
  parse,
  parseWork,
  relayHeartbeat,
  type ReportedBy,
  settle,
  type Startable,
  type Started,
  type Starters,
  TaskToken,
  vote,
  type VoteAnswer,
  type Work,
} from '@baton/token-lib';
import { memoryTable } from '@baton/token-lib/testing/memory-table';
import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { instanceIdOf, type TestHosts } from './hosts.ts';
import { createPorts, type PlatformParts } from './ports.ts';
import type { WorkReporter } from './workers.ts';

/** What the dispatcher is called with. */
export const DispatchPayload = z.looseObject({
  taskToken: z.string(),
  context: z.unknown(),
  work: z.looseObject({ kind: z.string() }),
});
export type DispatchPayload = z.infer<typeof DispatchPayload>;

export interface Dispatched {
  readonly answer: DispatchAnswer;
  readonly work: Work;
}

export interface Platform {
  /** @throws {BatonError} as the dispatcher does */
  dispatch(payload: DispatchPayload): Promise<Dispatched>;
  /** Reports as the worker of a callback, which claims what is to be claimed. Undefined where the claim is refused. */
  reporterOf(callbackId: CallbackId): Promise<WorkReporter | undefined>;
  settle(callbackId: CallbackId, from: ReportedBy, outcome: Outcome): Promise<void>;
  vote(
    callbackId: CallbackId,
    approver: number,
    decision: 'approved' | 'denied',
    comment?: string,
  ): Promise<VoteAnswer>;
  hostIsGone(instanceId: string): Promise<void>;
  executionEnded(executionArn: string): Promise<void>;
  rowOf(callbackId: CallbackId): Promise<Callback>;
}

export function createPlatform({ aws, hosts }: PlatformParts): Platform {
  const { clock } = aws;
  const table = memoryTable();
  const tokens = new Map<CallbackId, string>();
  const runIds = new Map<CallbackId, string>();
  const settling = createPorts({ aws, hosts }, table, tokens);
  const rowOf = async (callbackId: CallbackId): Promise<Callback> => {
    const row = await table.store.read(callbackId);
    if (row === undefined) throw new Error(`there is no callback ${callbackId}`);
    return row;
  };
  return {
    rowOf,
    async dispatch(payload) {
      const token = TaskToken.parse(payload.taskToken);
      const work = parseWork(onKnownHost(payload.work));
      const context = parse(z.object({ context: DispatchContext }), payload).context;
      tokens.set(callbackIdOf(token), payload.taskToken);
      const ports = {
        store: table.store,
        latestAttempts: table.latestAttempts,
        starters: starters(hosts),
        reminders: settling.reminders,
        clock: () => clock.now(),
      };
      return { answer: await dispatch(ports, { token, context, work }), work };
    },
    async reporterOf(callbackId) {
      const row = await rowOf(callbackId);
      const runId = row.terms.instanceId === undefined ? undefined : (runIds.get(callbackId) ?? randomUUID());
      if (runId !== undefined && !runIds.has(callbackId)) {
        const request = { runId, commandId: `command-${callbackId}`, bootId: 'boot' };
        const claimed = await claim(settling, row, request, clock.now());
        if (claimed.answer !== 'granted') return undefined;
        runIds.set(callbackId, runId);
      }
      return {
        callbackId,
        heartbeat: async (progress) =>
          (await relayHeartbeat(settling, await rowOf(callbackId), { runId, progress }, clock.now())).answer,
        report: async (outcome) => {
          await settle(settling, await rowOf(callbackId), { from: { by: 'worker', runId }, outcome, at: clock.now() });
        },
      };
    },
    async settle(callbackId, from, outcome) {
      await settle(settling, await rowOf(callbackId), { from, outcome, at: clock.now() });
    },
    vote: async (callbackId, approver, decision, comment) =>
      vote(settling, await rowOf(callbackId), {
        approver,
        decision,
        at: clock.now(),
        ...(comment !== undefined && { comment }),
      }),
    hostIsGone: (instanceId) => observeHostEnd(settling, { instanceId, state: 'terminated' }, clock.now()),
    executionEnded: (executionArn) =>
      observeExecutionEnd(settling, { executionArn, stoppedAt: clock.now() }, clock.now()),
  };
}

/** A test may call a host by any name. */
function onKnownHost(work: DispatchPayload['work']): object {
  const { kind, instanceId } = work;
  return kind === 'ssm' && typeof instanceId === 'string' ? { ...work, instanceId: instanceIdOf(instanceId) } : work;
}

/** Whatever is started waits for the test's worker; a host that is gone takes nothing. */
function starters(hosts: TestHosts): Starters {
  const start = async ({ callbackId }: Startable): Promise<Started> => ({
    answer: 'started',
    receipt: `command-${callbackId}`,
  });
  return {
    queue: start,
    lambda: start,
    approval: start,
    webhook: start,
    ssm: async (callback, { instanceId }) =>
      hosts.of(instanceId).alive
        ? start(callback)
        : { answer: 'failed', code: 'HostNotAvailable', why: `${instanceId}: the host is terminated` },
  };
}
