/** What must never happen, counted from what is left when a round is over. It reads none of Baton's rules. */

/** A run of a job, from its own time stamps. */
export interface Run {
  readonly run: string;
  readonly first: number;
  readonly last: number;
}

export interface PieceFacts {
  readonly name: string;
  /** Of the execution; `RUNNING` where it did not end. */
  readonly status: string;
  readonly error: string | undefined;
  /** The run that its output names. */
  readonly succeeded: string | undefined;
  readonly runs: readonly Run[];
  /** Successes of its runs that the host was told to be durable, in the order in which it was told. */
  readonly durable: readonly { readonly run: string; readonly at: number }[];
}

export interface RoundFacts {
  readonly pieces: readonly PieceFacts[];
  /** For each task token, how many outcomes Step Functions was told. */
  readonly outcomes: readonly number[];
  /** Rows of callbacks that are not closed, by their state. */
  readonly openRows: readonly string[];
  /** Processes of hosts. */
  readonly alive: readonly number[];
  readonly unhandled: readonly string[];
}

export const COUNTED = [
  'lost',
  'settledTwice',
  'overlapping',
  'rerunAfterStored',
  'unnamed',
  'open',
  'leftAlive',
  'unhandled',
] as const;
export type Counted = (typeof COUNTED)[number];

export interface Violation {
  readonly counted: Counted;
  readonly what: string;
}

export function judgeRound({ pieces, outcomes, openRows, alive, unhandled }: RoundFacts): Violation[] {
  return [
    ...pieces.flatMap(judgePiece),
    ...outcomes.filter((count) => count > 1).map((count) => of('settledTwice', `${count} outcomes of one token`)),
    ...openRows.map((state) => of('open', `a callback is ${state}`)),
    ...alive.map((pid) => of('leftAlive', `process ${pid}`)),
    ...unhandled.map((what) => of('unhandled', what)),
  ];
}

const of = (counted: Counted, what: string): Violation => ({ counted, what });

function judgePiece(piece: PieceFacts): Violation[] {
  const { name, status, error, durable, succeeded } = piece;
  const found: Violation[] = [];
  if (status === 'RUNNING') found.push(of('open', `${name} still runs`));
  else if (status !== 'SUCCEEDED' && !/^Baton\./.test(error ?? ''))
    found.push(of('unnamed', `${name} ended ${status} by ${error}`));
  const [first] = durable;
  if (first !== undefined && status !== 'RUNNING' && succeeded !== first.run)
    found.push(of('lost', `${name}: the success of run ${first.run} was durable, and it ended ${status} ${succeeded}`));
  const runs = piece.runs.toSorted((a, b) => a.first - b.first);
  for (const [index, run] of runs.entries()) {
    const beside = runs.slice(0, index).find((earlier) => run.first <= earlier.last);
    if (beside !== undefined)
      found.push(
        of('overlapping', `${name}: run ${run.run} began ${beside.last - run.first} ms before ${beside.run} ended`),
      );
    if (first !== undefined && run.run !== first.run && run.first > first.at)
      found.push(
        of('rerunAfterStored', `${name}: run ${run.run} began ${run.first - first.at} ms after a durable success`),
      );
  }
  return found;
}
