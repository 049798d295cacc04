/** The life of a callback as text: facts, one per line, then tables of its attempts and of the outcomes that did not win. Pure. */
import {
  type AttemptView,
  type CallbackView,
  GONE_REASONS,
  type LifeView,
  type LosingView,
  type OutcomeView,
} from '@baton/token-lib';
import type { Terminal } from '../terminal.ts';
import { describeProgress } from '../timeline.ts';
import { formatDuration, printable, printableLines, shorten } from './format.ts';
import { formatTable } from './table.ts';

/** A name and its value; a fact without a value is not printed. */
type Fact = readonly [name: string, value: string | undefined];
type Moment = (at: string) => string;

const NAME_WIDTH = 11;
const OUTPUT_SHOWN = 2_000;

type Screen = Pick<Terminal, 'colors' | 'width'>;

export function lifeText(life: LifeView, screen: Screen, now: number): string {
  const { colors } = screen;
  const moment: Moment = (at) => {
    const seconds = (now - Date.parse(at)) / 1000;
    const distance = seconds < 0 ? `in ${formatDuration(-seconds)}` : `${formatDuration(seconds)} ago`;
    return `${at}  ${colors.dim(distance)}`;
  };
  const facts = [
    ...identity(life, colors),
    ...happened(life, moment),
    ...voteFacts(life, moment),
    ...outcomeFacts(life.outcome),
  ];
  const lines = facts.flatMap(([name, value = '']) => {
    if (value === '') return [];
    const [first = '', ...more] = value.split('\n');
    return [`${colors.dim(name.padEnd(NAME_WIDTH))}${first}`, ...more.map((line) => ' '.repeat(NAME_WIDTH) + line)];
  });
  return [...lines, ...attemptLines(life, screen), ...keptLines(life.kept, screen)].join('\n');
}

function identity(
  { callbackId, state, goneReason, execution, work, commandId, attempt }: LifeView,
  colors: Terminal['colors'],
): Fact[] {
  const why = goneReason === undefined ? '' : `: ${GONE_REASONS[goneReason]}`;
  const before = attempt.supersedes === undefined ? '' : `, supersedes ${attempt.supersedes}`;
  return [
    ['callback', colors.cyan(callbackId)],
    ['state', colors.yellow(state) + why],
    ['execution', execution.arn],
    ['in state', `${printable(execution.stateName)}, entered ${execution.enteredTime}${place(execution)}`],
    ['attempt', `${attempt.epoch} of work ${attempt.workKey}${before}`],
    ['work', printable(`${work.kind} ${work.summary}`)],
    ['host', work.host],
    ['started as', commandId],
  ];
}

function place({ redriveCount, mapIndex }: CallbackView['execution']): string {
  const redrive = redriveCount === 0 ? '' : `, redrive ${redriveCount}`;
  return mapIndex === undefined ? redrive : `${redrive}, map item ${mapIndex}`;
}

function happened(life: LifeView, moment: Moment): Fact[] {
  const { claim, hostWarning, observed, toldAttempts, dueAt, closedAt, work } = life;
  return [
    ['created', moment(life.createdAt)],
    ['deadline', moment(life.deadline)],
    [
      'claimed',
      claim && moment(claim.claimedAt) + (claim.bootId === undefined ? '' : `  boot ${printable(claim.bootId)}`),
    ],
    [
      'heartbeat',
      claim &&
        moment(claim.lastHeartbeatAt) +
          (work.heartbeatSeconds === undefined ? '' : `  (at most ${work.heartbeatSeconds}s apart)`),
    ],
    ['progress', claim?.progress && printable(describeProgress(claim.progress))],
    ['run over', claim?.releasedAt && moment(claim.releasedAt)],
    ['warned', hostWarning && `${printable(hostWarning.action)}  ${moment(hostWarning.at)}`],
    ['observed', observed && `the command ended: ${printable(observed.status)}  ${moment(observed.at)}`],
    ['told', toldAttempts === undefined ? undefined : `Step Functions, attempt ${toldAttempts}: not taken yet`],
    ['due', dueAt && moment(dueAt)],
    ['closed', closedAt && moment(closedAt)],
  ];
}

const COMMENT_SHOWN = 200;

function voteFacts({ votes = [], work }: LifeView, moment: Moment): Fact[] {
  if (work.needed === undefined) return [];
  const approvals = votes.filter(({ decision }) => decision === 'approved').length;
  const lines = votes.map(({ approver, decision, comment = '', at }) =>
    `${decision} by ${printable(approver)}  ${moment(at)}  ${shorten(printable(comment), COMMENT_SHOWN)}`.trimEnd(),
  );
  return [['approvals', [`${approvals} of ${work.needed} needed`, ...lines].join('\n')]];
}

function outcomeFacts(outcome: OutcomeView | undefined): Fact[] {
  if (outcome === undefined) return [];
  const { type, by, operator, error = '', cause = '' } = outcome;
  const from: Fact[] = [
    ['outcome', by === undefined ? type : `${type} by the ${by}`],
    ['who', operator && printable(operator.who)],
    ['why', operator && printable(operator.why)],
  ];
  if (type === 'success') return [...from, ['output', shorten(JSON.stringify(outcome.output), OUTPUT_SHOWN)]];
  return [...from, ['error', printable(error)], ['cause', printableLines(cause).join('\n')]];
}

function attemptLines({ attempts, callbackId }: LifeView, { colors, width }: Screen): string[] {
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
    { title: colors.bold, width },
  );
  return ['', table];
}

const CAUSE_SHOWN = 60;

function keptLines(kept: readonly LosingView[], { colors, width }: Screen): string[] {
  if (kept.length === 0) return [];
  const what = (outcome: LosingView): string =>
    outcome.type === 'success'
      ? `success ${JSON.stringify(outcome.output)}`
      : `failure ${outcome.error}: ${outcome.cause}`;
  const table = formatTable<LosingView>(
    [
      { title: 'DID NOT WIN', text: ({ verdict }) => verdict, paint: colors.red },
      { title: 'AT', text: ({ at }) => at },
      { title: 'BY', text: ({ by, operator }) => printable(operator?.who ?? by ?? '-') },
      { title: 'OUTCOME', text: (outcome) => shorten(printable(what(outcome)), CAUSE_SHOWN) },
      { title: 'WHY', text: ({ operator }) => printable(operator?.why ?? '') },
    ],
    kept,
    { title: colors.bold, width },
  );
  return ['', table];
}
