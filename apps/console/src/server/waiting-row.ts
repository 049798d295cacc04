import { type Millis, nextDeadline, type OpenCallback, type WorkKind } from '@baton/token-lib';
import type { Diagnosis } from '@baton/token-lib';
import { machineOf } from './waiting-list.ts';

/** A row of the Waiting page. Times are milliseconds since 1970. */
export interface WaitingRow {
  readonly callbackId: string;
  readonly kind: WorkKind;
  readonly summary: string;
  readonly state: OpenCallback['state'];
  readonly executionArn: string;
  readonly machine: string;
  readonly stateName: string;
  readonly host: string | undefined;
  readonly attempt: number;
  readonly createdAt: Millis;
  readonly timeoutAt: Millis;
  readonly next: { readonly at: Millis; readonly of: 'heartbeat' | 'timeout'; readonly since: Millis };
  /** Of work with a heartbeat. */
  readonly heartbeat: { readonly lastAt: Millis; readonly seconds: number } | undefined;
  readonly diagnosis: Diagnosis;
}

export function waitingRow(row: OpenCallback, diagnosis: Diagnosis): WaitingRow {
  const { callbackId, terms, state, context, createdAt, deadline, run } = row;
  return {
    callbackId,
    kind: terms.kind,
    summary: terms.summary,
    state,
    executionArn: context.executionArn,
    machine: machineOf(context.executionArn),
    stateName: context.state,
    host: terms.instanceId,
    attempt: context.retryCount,
    createdAt,
    timeoutAt: deadline,
    next: nextDeadline(row),
    heartbeat:
      terms.heartbeatSeconds === undefined
        ? undefined
        : { lastAt: run?.lastContactAt ?? createdAt, seconds: terms.heartbeatSeconds },
    diagnosis,
  };
}

/** A page of the list, and facts of the whole of it. */
export interface WaitingAnswer {
  readonly version: number;
  readonly readAt: Millis | undefined;
  readonly now: Millis;
  readonly total: number;
  readonly unreadable: readonly string[];
  readonly machines: readonly string[];
  readonly hosts: readonly string[];
  readonly rows: readonly WaitingRow[];
}
