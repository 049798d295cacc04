/**
 * Says in one sentence why a callback waits, what causes that, and what mends it. Pure: whoever asks has gathered the facts, and what could not be
 * read is left out. The first rule that applies speaks; the surest come first.
 */
import { type Dispatched, isOpen, type OpenCallback } from '../lifecycle/callback.ts';
import { diagnosePeople, diagnosePartner } from './diagnose-people.ts';
import { diagnoseWorker } from './diagnose-worker.ts';
import { diagnoseHost } from './diagnose-host.ts';
import { calm, type Diagnosis, type Facts, sayDuration, trouble, watch } from './diagnosis.ts';
import { nextDeadline } from './next-deadline.ts';

export function diagnose(facts: Facts): Diagnosis {
  const { row } = facts;
  if (!isOpen(row)) return calm('closed', 'it is closed');
  return (
    diagnoseExecution(facts, row) ??
    diagnoseSettling(facts, row) ??
    diagnosePlatform(facts) ??
    (row.state === 'Stored' ? diagnoseStored(facts, row) : undefined) ??
    (row.state === 'Dispatched' ? diagnoseWork(facts, row) : undefined) ??
    calm('waiting', `waiting for ${sayDuration(facts.now - row.createdAt)}`)
  );
}

function diagnoseWork(facts: Facts, row: Dispatched): Diagnosis {
  switch (row.terms.kind) {
    case 'ssm':
      return diagnoseHost(facts, row);
    case 'queue':
    case 'lambda':
      return diagnoseWorker(facts, row);
    case 'approval':
      return diagnosePeople(facts, row);
    case 'webhook':
      return diagnosePartner(facts, row);
  }
}

function diagnoseExecution({ execution, now }: Facts, row: OpenCallback): Diagnosis | undefined {
  if (execution !== undefined && execution !== 'RUNNING' && execution !== 'PENDING_REDRIVE') {
    return watch(
      'execution-ended',
      `the execution has ended (${execution}), and nobody waits for it any more`,
      'Nothing: the event of the end closes it within seconds, or the reconciler does. If it stays, see that the rule for Step Functions’ events and completer-events work.',
    );
  }
  const next = nextDeadline(row);
  if (row.state === 'Settling' || now < next.at) return undefined;
  const late = sayDuration(now - next.at);
  return next.of === 'timeout'
    ? watch(
        'timed-out',
        `its time was over ${late} ago: Step Functions has given the task up`,
        'Nothing: the reconciler closes the row. If it stays, see Health: the reconciler may not run.',
      )
    : undefined;
}

const TELLING: Readonly<Record<string, readonly [cause: string, why: string, remedy: string]>> = {
  throttled: [
    'told-throttled',
    'throttled',
    'Nothing at first: it is told again, later each time. If it lasts, lengthen heartbeat intervals, or ask for a higher quota of SendTask*.',
  ],
  kms: [
    'told-kms',
    'KMS refuses the state machine’s key',
    'Give the handler’s role the use of the state machine’s key (state_machine_key_arns), or enable the key again. It is told again by itself.',
  ],
  denied: [
    'told-denied',
    'IAM refuses',
    'Give the completer’s roles states:SendTaskSuccess and SendTaskFailure on this state machine (state_machine_arns). It is told again by itself.',
  ],
  unavailable: [
    'told-unavailable',
    'it does not answer',
    'Nothing: it is told again, later each time, until it answers.',
  ],
};

function diagnoseSettling({ told, now }: Facts, row: OpenCallback): Diagnosis | undefined {
  if (row.state !== 'Settling') return undefined;
  const since = sayDuration(now - row.decidedAt);
  const [cause, why, remedy] = TELLING[classOf(told?.error)] ?? [];
  if (cause === undefined || why === undefined || remedy === undefined) {
    return watch(
      'settling',
      `the outcome is stored, and Step Functions not told for ${since}`,
      'Nothing: it is told again within seconds.',
    );
  }
  return trouble(
    cause,
    `Step Functions not told for ${since}: ${why}${told === undefined ? '' : ` (${told.error})`}`,
    remedy,
  );
}

function classOf(error: string | undefined): string {
  if (error === undefined) return '';
  if (/throttl|TooMany|RateExceeded/i.test(error)) return 'throttled';
  if (/^Kms/i.test(error)) return 'kms';
  return /AccessDenied|NotAuthorized/i.test(error) ? 'denied' : 'unavailable';
}

function diagnosePlatform({ stopped = [] }: Facts): Diagnosis | undefined {
  const [first] = stopped;
  if (first === undefined) return undefined;
  return trouble(
    'platform-function-stopped',
    `the platform’s function ${first.name} does not run: ${first.why}`,
    `Let ${first.name} run again: raise or remove its reserved concurrency. Reports are sent again by themselves.`,
  );
}

function diagnoseStored({ now }: Facts, row: OpenCallback): Diagnosis {
  const since = sayDuration(now - row.createdAt);
  if (now < row.dueAt) return calm('starting', `its work is being started, for ${since}`);
  return watch(
    'dispatch-interrupted',
    `the dispatcher was interrupted ${since} ago, before the work was known to have started`,
    'Nothing: the reconciler looks the command up, or fails the task. If it stays, see that completer-schedule runs.',
  );
}
