/**
 * Step Functions as its documentation and recordings have it: an attempt of a task has a token of its own, takes one outcome, and
 * answers `TaskTimedOut` from then on, whoever asks; two clocks run, and a heartbeat resets one of them.
 */
import {
  BatonError,
  type DispatchContext,
  type Millis,
  type Outcome,
  seconds,
  type TaskAnswer,
  type TaskFate,
  TaskToken,
} from '@baton/token-lib';
import type { Chance } from './chance.ts';
import { ending, type Oracle } from './oracle.ts';
import type { Timer, VirtualTime } from './virtual-time.ts';
import type { Piece } from './work.ts';

export type AttemptEnd =
  | { readonly by: 'outcome'; readonly outcome: Outcome }
  /** Of the dispatcher's function. */
  | { readonly by: 'dispatch'; readonly error: string }
  | { readonly by: 'heartbeat' | 'timeout' | 'stop' };

/** One attempt of a task: one token. */
export interface Attempt {
  readonly piece: Piece;
  readonly execution: Execution;
  readonly retryCount: number;
  readonly redriveCount: number;
  readonly token: TaskToken;
  readonly tokenText: string;
  readonly startedAt: Millis;
  end?: AttemptEnd;
  endedAt?: Millis;
  /** Its two clocks; a heartbeat resets the second. */
  timeout?: Timer;
  heartbeat?: Timer;
}

export interface Execution {
  readonly arn: string;
  readonly piece: Piece;
  readonly attempts: Attempt[];
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
}

export interface StepFunctionsPorts {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly oracle: Oracle;
  /** lambda:invoke of the dispatcher. Rejects with the error's name where the function throws. */
  readonly dispatch: (attempt: Attempt) => Promise<void>;
  /** EventBridge is told of the end of an execution. */
  readonly ended: (execution: Execution, at: Millis) => void;
}

export interface StepFunctions {
  start(piece: Piece): Execution;
  stop(execution: Execution): void;
  redrive(execution: Execution): void;
  attemptOf(token: TaskToken): Attempt;
  complete(token: TaskToken, outcome: Outcome): TaskAnswer;
  heartbeat(token: TaskToken): TaskAnswer;
  fateOf(token: TaskToken): TaskFate;
  readonly executions: readonly Execution[];
  contextOf(attempt: Attempt): DispatchContext;
}

const ACCOUNT = 'arn:aws:states:eu-central-1:111122223333:execution:chaos';
const ENTERED = '2026-03-01T12:00:00.000Z';
/** As the module `state-machine` retries: what may go well another time. A job that failed by itself does not. */
const MAX_ATTEMPTS = 4;
const FINAL = new Set(['JobFailed', 'Baton.OutputRejected', 'Baton.Denied', 'SettledByHand', 'PartnerChangedItsMind']);
const isFinal = (end: AttemptEnd): boolean =>
  end.by === 'stop' || (end.by === 'outcome' && (end.outcome.type === 'success' || FINAL.has(end.outcome.error)));
/** An output that Step Functions does not take. */
export const UNTAKEN_OUTPUT = '"not taken"';

const GONE: TaskAnswer = { answer: 'gone', error: 'TaskTimedOut' };

export function simulateStepFunctions(ports: StepFunctionsPorts): StepFunctions {
  const { time, chance, oracle } = ports;
  const executions: Execution[] = [];
  const attempts = new Map<TaskToken, Attempt>();
  let tokens = 0;

  function attempt(execution: Execution, retryCount: number, redriveCount: number): void {
    const { piece } = execution;
    const tokenText = `AQCEAAAAKgAAAAMAAAAA${piece.name.replace('-', '/')}==${(tokens += 1)}+TOKEN=`;
    const token = TaskToken.parse(tokenText);
    const made: Attempt = { piece, execution, retryCount, redriveCount, token, tokenText, startedAt: time.now() };
    execution.attempts.push(made);
    oracle.note(piece.name, `attempt ${redriveCount}.${retryCount} began`);
    attempts.set(token, made);
    made.timeout = time.after(seconds(piece.timeoutSeconds), () => close(made, { by: 'timeout' }));
    startHeartbeatClock(made);
    ports.dispatch(made).catch((error: unknown) => {
      close(made, { by: 'dispatch', error: error instanceof Error ? error.name : 'unknown' });
    });
  }

  function startHeartbeatClock(of: Attempt): void {
    of.heartbeat?.cancel();
    const { heartbeatSeconds } = of.piece;
    if (heartbeatSeconds === undefined) return;
    of.heartbeat = time.after(seconds(heartbeatSeconds), () => close(of, { by: 'heartbeat' }));
  }

  function close(of: Attempt, end: AttemptEnd): void {
    if (of.end !== undefined) return;
    of.end = end;
    oracle.note(of.piece.name, `attempt ${of.redriveCount}.${of.retryCount} ended by ${ending(of)}`);
    of.endedAt = time.now();
    of.timeout?.cancel();
    of.heartbeat?.cancel();
    const { execution, retryCount, redriveCount } = of;
    if (isFinal(end) || retryCount + 1 >= MAX_ATTEMPTS) return endExecution(execution, end);
    time.after(seconds(2) * 2 ** retryCount * chance.between(0.5, 1), () => {
      // It may have been stopped meanwhile, and redriven.
      const isLast = execution.attempts.at(-1) === of;
      if (execution.status === 'RUNNING' && isLast) attempt(execution, retryCount + 1, redriveCount);
    });
  }

  function endExecution(execution: Execution, end: AttemptEnd): void {
    if (execution.status !== 'RUNNING') return;
    const succeeded = end.by === 'outcome' && end.outcome.type === 'success';
    execution.status = succeeded ? 'SUCCEEDED' : end.by === 'stop' ? 'ABORTED' : 'FAILED';
    ports.ended(execution, time.now());
  }

  const attemptOf = (token: TaskToken): Attempt => {
    const found = attempts.get(token);
    if (found === undefined) throw new BatonError('InvalidToken', 'Step Functions has made no such token');
    return found;
  };

  return {
    executions,
    attemptOf,
    start(piece) {
      const execution: Execution = { arn: `${ACCOUNT}:${piece.name}`, piece, attempts: [], status: 'RUNNING' };
      executions.push(execution);
      attempt(execution, 0, 0);
      return execution;
    },
    stop(execution) {
      const last = execution.attempts.at(-1);
      if (execution.status !== 'RUNNING') return;
      if (last !== undefined && last.end === undefined) return close(last, { by: 'stop' });
      endExecution(execution, { by: 'stop' });
    },
    redrive(execution) {
      if (execution.status === 'RUNNING' || execution.status === 'SUCCEEDED') return;
      execution.status = 'RUNNING';
      attempt(execution, 0, (execution.attempts.at(-1)?.redriveCount ?? 0) + 1);
    },
    complete(token, outcome) {
      const of = attemptOf(token);
      oracle.told(of, outcome);
      if (of.end !== undefined) return GONE;
      if (outcome.type === 'success' && outcome.output === UNTAKEN_OUTPUT)
        return { answer: 'rejected', error: 'InvalidOutput' };
      close(of, { by: 'outcome', outcome });
      return { answer: 'accepted' };
    },
    heartbeat(token) {
      const of = attemptOf(token);
      if (of.end !== undefined) return GONE;
      startHeartbeatClock(of);
      return { answer: 'accepted' };
    },
    fateOf: (token) => fate(attemptOf(token).end),
    contextOf: ({ execution, retryCount, redriveCount }) => ({
      executionArn: execution.arn,
      redriveCount,
      state: 'Work',
      enteredTime: ENTERED,
      retryCount,
    }),
  };
}

function fate(end: AttemptEnd | undefined): TaskFate {
  switch (end?.by) {
    case undefined:
      return { fate: 'open' };
    case 'outcome':
      return end.outcome.type === 'success' ? { fate: 'succeeded' } : { fate: 'failed', error: end.outcome.error };
    case 'dispatch':
      return { fate: 'failed', error: end.error };
    case 'stop':
      return { fate: 'closed', by: 'ExecutionAborted' };
    case 'heartbeat':
    case 'timeout':
      return { fate: 'closed', by: 'TaskTimedOut' };
  }
}
