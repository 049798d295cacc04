/** The whole life of one callback: what it is, what happened to it, the other attempts of its work, and the outcomes that did not win. */
import type { Callback, CallbackId, CallbackRecords, CallbackStore, WorkHeads } from '@baton/token-lib';
import type { Terminal } from '../terminal.ts';
import { describeProgress } from '../timeline.ts';
import { formatDuration } from './duration.ts';
import { printable, printableLines, shorten } from './printable.ts';
import { formatTable } from './table.ts';
import { type CallbackView, keptView, type KeptView, type OutcomeView, viewOf } from './view.ts';

export interface LifeView extends CallbackView {
  /** Every attempt of the same work, the first one first. */
  readonly attempts: readonly AttemptView[];
  /** Outcomes that came too late, or after another one. */
  readonly kept: readonly KeptView[];
}

export interface AttemptView {
  readonly epoch: number;
  readonly callbackId: string;
  readonly state: string;
  readonly goneReason?: string | undefined;
  readonly createdAt: string;
}

export interface LifePorts {
  readonly store: CallbackStore;
  readonly heads: WorkHeads;
  readonly records: Pick<CallbackRecords, 'kept'>;
}

export async function lifeOf(ports: LifePorts, row: Callback, now: number): Promise<LifeView> {
  const [attempts, kept] = await Promise.all([attemptsOf(ports, row), ports.records.kept(row.callbackId)]);
  return {
    ...viewOf(row, now),
    attempts: attempts.map((attempt) => attemptView(attempt, now)),
    kept: kept.map(keptView),
  };
}

function attemptView(row: Callback, now: number): AttemptView {
  const { attempt, callbackId, state, goneReason, createdAt } = viewOf(row, now);
  return { epoch: attempt.epoch, callbackId, state, goneReason, createdAt };
}

/** The work's head is its newest attempt, and each one names the one before. Work without a mapIndex in a Map has rows beside that chain. */
async function attemptsOf({ store, heads }: LifePorts, row: Callback): Promise<Callback[]> {
  const head = await heads.read(row.workKey);
  const fromHead = await chain(store, head?.callbackId);
  const found = fromHead.some(({ callbackId }) => callbackId === row.callbackId);
  return (found ? fromHead : await chain(store, row.callbackId)).reverse();
}

async function chain(store: CallbackStore, newest: CallbackId | undefined): Promise<Callback[]> {
  const rows: Callback[] = [];
  for (let next = newest; next !== undefined;) {
    const row: Callback | undefined = await store.read(next);
    if (row === undefined) break;
    rows.push(row);
    next = row.supersedes;
  }
  return rows;
}

const OUTPUT_SHOWN = 2_000;

export function lifeText(life: LifeView, colors: Terminal['colors'], now: number): string {
  const ago = (at: string): string => {
    const seconds = (now - Date.parse(at)) / 1000;
    return `${at}  ${colors.dim(seconds < 0 ? `in ${formatDuration(-seconds)}` : `${formatDuration(seconds)} ago`)}`;
  };
  const { execution, work, attempt, claim, observed, hostWarning, outcome } = life;
  const facts: [string, string | undefined][] = [
    ['callback', colors.cyan(life.callbackId)],
    [
      'state',
      colors.yellow(life.state) +
        (life.goneReason === undefined ? '' : `: ${WHY_GONE[life.goneReason] ?? life.goneReason}`),
    ],
    ['execution', execution.arn],
    ['in state', `${printable(execution.stateName)}, entered ${execution.enteredTime}${place(execution)}`],
    ['work', printable(`${work.kind} ${work.summary}`)],
    ['host', work.host],
    ['command', life.commandId],
    [
      'attempt',
      `${attempt.epoch} of work ${attempt.workKey}${attempt.supersedes === undefined ? '' : `, supersedes ${attempt.supersedes}`}`,
    ],
    ['created', ago(life.createdAt)],
    ['deadline', ago(life.deadline)],
    ['claimed', claim && `${ago(claim.claimedAt)}  boot ${printable(claim.bootId)}`],
    ['heartbeat', claim && `${ago(claim.lastHeartbeatAt)}  (at most ${work.heartbeatSeconds}s apart)`],
    ['progress', claim?.progress && printable(describeProgress(claim.progress))],
    ['run over', claim?.releasedAt && ago(claim.releasedAt)],
    ['warned', hostWarning && `${printable(hostWarning.action)}  ${ago(hostWarning.at)}`],
    ['observed', observed && `the command ended: ${printable(observed.status)}  ${ago(observed.at)}`],
    [
      'told',
      life.toldAttempts === undefined
        ? undefined
        : `Step Functions ${life.toldAttempts} times, no answer that counts yet`,
    ],
    ['due', life.dueAt && ago(life.dueAt)],
    ['closed', life.closedAt && ago(life.closedAt)],
    ...(outcome === undefined ? [] : outcomeFacts(outcome)),
  ];
  const lines = facts.flatMap(([name, value]) => {
    if (value === undefined || value === '') return [];
    const [first = '', ...more] = value.split('\n');
    return [`${colors.dim(name.padEnd(NAME_WIDTH))}${first}`, ...more.map((line) => ' '.repeat(NAME_WIDTH) + line)];
  });
  return [...lines, ...attemptLines(life, colors), ...keptLines(life.kept, colors)].join('\n');
}

const NAME_WIDTH = 11;

const WHY_GONE: Readonly<Record<string, string>> = {
  'task-closed': 'Step Functions had closed the task',
  'execution-ended': 'the execution has ended',
  superseded: 'a newer attempt has taken over',
  'not-started': 'the work could not be started',
  rejected: 'Step Functions refuses the token or the outcome',
};

function place({ redriveCount, mapIndex }: CallbackView['execution']): string {
  const redrive = redriveCount === 0 ? '' : `, redrive ${redriveCount}`;
  return mapIndex === undefined ? redrive : `${redrive}, map item ${mapIndex}`;
}

function outcomeFacts(outcome: OutcomeView): [string, string | undefined][] {
  const { by, operator } = outcome;
  return [
    ['outcome', outcome.type + (by === undefined ? '' : ` by the ${by}`)],
    ['who', operator && printable(operator.who)],
    ['why', operator && printable(operator.why)],
    ...(outcome.type === 'failure'
      ? ([
          ['error', printable(outcome.error ?? '')],
          ['cause', printableLines(outcome.cause ?? '').join('\n')],
        ] as [string, string][])
      : ([['output', shorten(JSON.stringify(outcome.output), OUTPUT_SHOWN)]] as [string, string][])),
  ];
}

function attemptLines({ attempts, callbackId }: LifeView, colors: Terminal['colors']): string[] {
  if (attempts.length < 2) return [];
  const table = formatTable<AttemptView>(
    [
      { title: 'ATTEMPT', text: ({ epoch }) => String(epoch) },
      { title: 'CALLBACK', text: (attempt) => attempt.callbackId, paint: colors.cyan },
      { title: 'CREATED', text: ({ createdAt }) => createdAt },
      {
        title: 'STATE',
        text: ({ state, goneReason }) => (goneReason === undefined ? state : `${state} (${goneReason})`),
      },
      { title: '', text: (attempt) => (attempt.callbackId === callbackId ? 'this one' : '') },
    ],
    attempts,
    colors.bold,
  );
  return ['', table];
}

const CAUSE_SHOWN = 60;

function keptLines(kept: readonly KeptView[], colors: Terminal['colors']): string[] {
  if (kept.length === 0) return [];
  const what = (outcome: KeptView): string =>
    outcome.type === 'success'
      ? `success ${JSON.stringify(outcome.output)}`
      : `failure ${outcome.error}: ${outcome.cause}`;
  const table = formatTable<KeptView>(
    [
      { title: 'DID NOT WIN', text: ({ verdict }) => verdict, paint: colors.red },
      { title: 'AT', text: ({ at }) => at },
      { title: 'BY', text: ({ by, operator }) => printable(operator?.who ?? by ?? '-') },
      { title: 'OUTCOME', text: (outcome) => shorten(printable(what(outcome)), CAUSE_SHOWN) },
      { title: 'WHY', text: ({ operator }) => printable(operator?.why ?? '') },
    ],
    kept,
    colors.bold,
  );
  return ['', table];
}
