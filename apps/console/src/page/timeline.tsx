import type { CallbackAnswer } from '../server/console-world.ts';
import { clockTime } from './words.ts';

interface Moment {
  readonly at: string;
  readonly tone: '' | 'good' | 'bad' | 'watch';
  readonly what: string;
  readonly more?: string | undefined;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, undefined, 2));

/** What is known of a callback's life, in order of time. */
export function momentsOf(life: CallbackAnswer): Moment[] {
  const { claim, observed, hostWarning, votes = [], outcome, kept } = life;
  const moments: (Moment | undefined | false)[] = [
    { at: life.createdAt, tone: '', what: 'Stored: the task token is safe' },
    claim && {
      at: claim.claimedAt,
      tone: '',
      what: claim.bootId === undefined ? 'First heard of' : 'Claimed by the host',
    },
    claim &&
      claim.lastHeartbeatAt !== claim.claimedAt && {
        at: claim.lastHeartbeatAt,
        tone: '',
        what: 'Last heartbeat',
        more: claim.progress && text(claim.progress),
      },
    claim?.releasedAt !== undefined && { at: claim.releasedAt, tone: '', what: 'The run is known to be over' },
    hostWarning && { at: hostWarning.at, tone: 'watch', what: `EC2 announced: ${hostWarning.action}` },
    observed && { at: observed.at, tone: 'watch', what: `An observer saw the work end: ${observed.status}` },
    ...votes.map(({ approver, decision, comment, at }): Moment => ({
      at,
      tone: decision === 'approved' ? 'good' : 'bad',
      what: `${approver} ${decision}`,
      more: comment,
    })),
    ...kept.map((late): Moment => ({
      at: late.at,
      tone: 'watch',
      what: `Kept, ${late.verdict}: ${late.type} by the ${late.by}`,
      more: late.type === 'success' ? text(late.output) : `${late.error}: ${late.cause}`,
    })),
    life.closedAt !== undefined && closing(life, life.closedAt),
    life.closedAt === undefined &&
      outcome && { at: life.dueAt ?? life.createdAt, tone: 'watch', what: 'Step Functions is told again' },
  ];
  return moments.filter((moment) => moment !== undefined && moment !== false).sort((a, b) => (a.at < b.at ? -1 : 1));
}

function closing({ outcome, goneReason, state }: CallbackAnswer, at: string): Moment {
  if (state === 'Gone') return { at, tone: 'watch', what: `Gone: ${goneReason}` };
  const by =
    outcome?.operator === undefined ? `by the ${outcome?.by}` : `by ${outcome.operator.who}: ${outcome.operator.why}`;
  if (outcome?.type === 'success') return { at, tone: 'good', what: `Succeeded ${by}`, more: text(outcome.output) };
  return { at, tone: 'bad', what: `Failed with ${outcome?.error} ${by}`, more: outcome?.cause };
}

export function Timeline({ life, now }: { life: CallbackAnswer; now: number }) {
  return (
    <ol class="timeline">
      {momentsOf(life).map((moment) => (
        <li key={`${moment.at} ${moment.what}`} class={moment.tone}>
          <time dateTime={moment.at}>{clockTime(moment.at, now)}</time>
          <i aria-hidden="true" />
          <div>
            <bdi>{moment.what}</bdi>
            {moment.more !== undefined && <pre class="dim">{moment.more}</pre>}
          </div>
        </li>
      ))}
    </ol>
  );
}
