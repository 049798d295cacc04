/**
 * What must never happen, seen from outside: the oracle watches the simulated Step Functions, the workers and the hosts, and reads
 * nothing of Baton's.
 *
 * - lost: attempts whose worker was told that its outcome is durable (`stored`, `applied`, `duplicate`) while the task was open, and
 *   which ended otherwise, or that it is late while the task was open or had taken it; runs that were told to stop although their task was open and nobody had another outcome for it; and work
 *   that nothing went wrong with and that did not end at its first attempt with its own outcome
 * - settledTwice: attempts that Step Functions was told two different outcomes of, and decisions in which an approver has two votes
 * - overlapping: pairs of runs of one piece of work that were on hosts at one instant
 * - rerunAfterStored: runs that began after a success of the same work had been said to be durable
 * - unhandled: exceptions that were not injected, and broken promises that have no name above: a task token in a log or a message (L3),
 *   work that started before its callback was durable (L5), a stranger who was listened to (L2)
 */
import { BatonError, type Millis, type Outcome } from '@baton/token-lib';
import type { Attempt, Execution } from './step-functions.ts';
import { InjectedError } from './call.ts';

export const COUNTED = ['lost', 'settledTwice', 'overlapping', 'rerunAfterStored', 'open', 'unhandled'] as const;
export type Counted = (typeof COUNTED)[number];

export interface Violation {
  readonly counted: Counted;
  readonly piece: string;
  readonly at: Millis;
  readonly what: string;
}

/** Outcomes that somebody was told of, with the attempt that they are for. */
interface Promised {
  readonly attempt: Attempt;
  readonly outcome: Outcome;
}

export interface Oracle {
  /** Something went wrong with it: it may end otherwise than it would have. */
  readonly touch: (pieceName: string | undefined) => void;
  /** Kept for whoever follows one piece of work. */
  readonly note: (pieceName: string | undefined, what: string) => void;
  told(attempt: Attempt, outcome: Outcome): void;
  /** A worker, a person or a partner got this answer. */
  answered(attempt: Attempt, outcome: Outcome, answer: string): void;
  /** A run was told to stop, and its host is not about to end. */
  stopped(attempt: Attempt): void;
  /** Returns what is to be called when the run is over, with whether it has come to its own end. */
  runOnHost(attempt: Attempt): (byItself: boolean) => void;
  /** Something that an operation threw. */
  thrown(where: string, error: unknown, expected: readonly string[]): void;
  violated(counted: Counted, piece: string, what: string): void;
  /** When nothing happens any more. */
  violations(executions: readonly Execution[]): readonly Violation[];
}

const DURABLE = new Set(['stored', 'applied', 'duplicate']);
/** The report of a run that was stopped: it is no outcome where there is one. */
const isStop = (outcome: Outcome): boolean => outcome.type === 'failure' && outcome.error === 'Baton.Stopped';
/** Baton's own outcome in place of one that Step Functions does not take. */
const isReplacement = (outcome: Outcome): boolean =>
  outcome.type === 'failure' && outcome.error === 'Baton.OutputRejected';

/** @param follow what is noted */
export function watch(now: () => Millis, follow: (pieceName: string, at: Millis, what: string) => void): Oracle {
  const violations: Violation[] = [];
  const touched = new Set<string>();
  const toldOutcomes = new Map<Attempt, Outcome[]>();
  const promised: Promised[] = [];
  const stopped: Attempt[] = [];
  const seen = new Set<Attempt>();
  /** Both by the piece of work and its redrive: a redrive is other work. */
  const running = new Map<string, number>();
  const durableSuccess = new Set<string>();

  const violated = (counted: Counted, piece: string, what: string): void =>
    void violations.push({ counted, piece, at: now(), what });

  const hasNewer = ({ execution, retryCount, redriveCount }: Attempt): boolean =>
    execution.attempts.some(
      (other) =>
        other.redriveCount > redriveCount || (other.redriveCount === redriveCount && other.retryCount > retryCount),
    );

  return {
    touch: (pieceName) => void (pieceName !== undefined && touched.add(pieceName)),
    note: (pieceName, what) => void (pieceName !== undefined && follow(pieceName, now(), what)),
    violated,
    told(attempt, outcome) {
      seen.add(attempt);
      const before = toldOutcomes.get(attempt) ?? [];
      if (before.some((other) => sameOutcome(other, outcome))) return;
      toldOutcomes.set(attempt, [...before, outcome]);
      if (before.length > 0 && !isReplacement(outcome))
        violated('settledTwice', attempt.piece.name, 'Step Functions was told another outcome');
    },
    answered(attempt, outcome, answer) {
      follow(attempt.piece.name, now(), `the worker is answered ${answer}`);
      const wasOpen = attempt.end === undefined;
      if (answer === 'late' && !isStop(outcome) && (wasOpen || endedWith(attempt, outcome)))
        violated('lost', attempt.piece.name, `said to be late, and its task ${wasOpen ? 'is open' : 'has taken it'}`);
      if (!DURABLE.has(answer)) return;
      // What is said to be stored after its task has ended is a promise that nobody can keep.
      if (answer !== 'applied' && !wasOpen && !endedWith(attempt, outcome)) return;
      promised.push({ attempt, outcome });
      if (wasOpen && outcome.type === 'success') durableSuccess.add(workOf(attempt));
    },
    stopped(attempt) {
      if (attempt.end === undefined && !hasNewer(attempt)) stopped.push(attempt);
    },
    runOnHost(attempt) {
      const { piece, redriveCount, retryCount } = attempt;
      follow(piece.name, now(), `a run of attempt ${redriveCount}.${retryCount} begins on a host`);
      const key = workOf(attempt);
      const others = running.get(key) ?? 0;
      if (others > 0)
        violated('overlapping', piece.name, `attempt ${attempt.retryCount} began beside ${others} run(s)`);
      if (durableSuccess.has(key))
        violated('rerunAfterStored', piece.name, `attempt ${attempt.retryCount} runs what is done`);
      running.set(key, others + 1);
      let over = false;
      return (byItself) => {
        if (!over) running.set(key, (running.get(key) ?? 1) - 1);
        over = true;
        follow(
          piece.name,
          now(),
          `the run of attempt ${redriveCount}.${retryCount} ${byItself ? 'is done' : 'is over'}`,
        );
      };
    },
    thrown(where, error, expected) {
      if (isInjected(error) || (error instanceof BatonError && expected.includes(error.code))) return;
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      violated('unhandled', '', `${where}: ${why}`);
    },
    violations(executions) {
      for (const execution of executions) if (!touched.has(execution.piece.name)) undisturbed(execution, violated);
      for (const { attempts } of executions)
        for (const attempt of attempts)
          if (hasDoubleVote(attempt)) violated('settledTwice', attempt.piece.name, 'an approver has voted twice');
      for (const { attempt, outcome } of distinct(promised)) {
        // Who stops an execution takes what has been done for it with it.
        const isKept = endedWith(attempt, outcome) || replaced(attempt) || attempt.end?.by === 'stop';
        if (!isKept)
          violated('lost', attempt.piece.name, `said to be durable, and the attempt ended by ${ending(attempt)}`);
      }
      for (const attempt of stopped) {
        const { end } = attempt;
        const byItself = end?.by === 'outcome' && isStop(end.outcome);
        if (byItself || end?.by === 'heartbeat' || end?.by === 'timeout')
          violated('lost', attempt.piece.name, `stopped without a reason, and the attempt ended by ${ending(attempt)}`);
      }
      return violations;
    },
  };
}

const workOf = ({ piece, redriveCount }: Attempt): string => `${piece.name} ${redriveCount}`;

/** What a decision says of its votes. */
function hasDoubleVote({ piece, end }: Attempt): boolean {
  if (piece.kind !== 'approval' || end?.by !== 'outcome' || end.outcome.type !== 'success') return false;
  const names = [...end.outcome.output.matchAll(/"approver":"(\w+)"/g)].map(([, name]) => name);
  return new Set(names).size < names.length;
}

/** What nothing went wrong with ends at its first attempt, with its own outcome. */
function undisturbed({ piece, attempts }: Execution, violated: Oracle['violated']): void {
  const [first, ...more] = attempts;
  if (first === undefined || (more.length === 0 && (endedWell(first) || replaced(first)))) return;
  const ends = attempts.map(ending).join(', ');
  violated('lost', piece.name, `nothing went wrong with it, and its attempts ended by ${ends}`);
}

/** People decide by themselves, and whoever holds a link may be the first of two. */
function endedWell({ piece, end }: Attempt): boolean {
  if (end?.by !== 'outcome') return false;
  return piece.kind === 'approval' || piece.kind === 'webhook' || sameOutcome(end.outcome, piece.outcome);
}

/** Not Baton's own comparison: that is part of what is watched. */
const spelled = (outcome: Outcome): string =>
  JSON.stringify(outcome.type === 'success' ? [outcome.output] : [outcome.error, outcome.cause]);
const sameOutcome = (one: Outcome, other: Outcome): boolean => spelled(one) === spelled(other);

function isInjected(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isInjected);
  return error instanceof InjectedError;
}

const endedWith = ({ end }: Attempt, outcome: Outcome): boolean =>
  end?.by === 'outcome' && sameOutcome(end.outcome, outcome);
const replaced = ({ end }: Attempt): boolean => end?.by === 'outcome' && isReplacement(end.outcome);

export const ending = ({ end }: Attempt): string =>
  end === undefined
    ? 'nothing'
    : end.by === 'outcome'
      ? end.outcome.type === 'success'
        ? 'a success'
        : end.outcome.error
      : end.by === 'dispatch'
        ? `the dispatcher's ${end.error}`
        : end.by;

function distinct(all: readonly Promised[]): Promised[] {
  const kept = new Map<Attempt, Promised[]>();
  for (const one of all) {
    const same = kept.get(one.attempt) ?? [];
    if (!same.some(({ outcome }) => sameOutcome(outcome, one.outcome))) kept.set(one.attempt, [...same, one]);
  }
  return [...kept.values()].flat();
}
