import type { CallbackAnswer, PlaceAnswer } from '../server/console-world.ts';
import { Decide } from './decide.tsx';
import { useApi, useNow } from './live.ts';
import { Timeline } from './timeline.tsx';
import { clockTime, duration, executionName, KIND_WORDS } from './words.ts';

export function CallbackPage({ id, place }: { id: string; place: PlaceAnswer }) {
  const { data: life, error, reload } = useApi<CallbackAnswer>(`/api/callbacks/${id}`);
  const now = useNow(life?.now);
  if (life === undefined) return <p class={error ? 'notice' : 'dim'}>{error?.message ?? 'reading…'}</p>;
  const isOpen = life.closedAt === undefined;
  return (
    <>
      <div class="title">
        <h1>
          <bdi>{life.work.summary}</bdi>
        </h1>
        <StateBadge life={life} />
      </div>
      {isOpen && <DiagnosisCard life={life} />}
      <div class="columns">
        <div>
          <section class="card">
            <h2>Timeline</h2>
            <div class="inside">
              <Timeline life={life} now={now} />
            </div>
          </section>
          {life.attempts.length > 1 && <Attempts life={life} now={now} />}
          {life.log.length > 0 && <LogTail life={life} now={now} />}
        </div>
        <div>
          <Decide life={life} place={place} onDone={reload} />
          <section class="card">
            <h2>Facts</h2>
            <div class="inside">
              <FactList life={life} now={now} />
            </div>
          </section>
        </div>
      </div>
    </>
  );
}

export function StateBadge({ life }: { life: Pick<CallbackAnswer, 'state' | 'outcome'> }) {
  const tone =
    life.state === 'Settled'
      ? life.outcome?.type === 'success'
        ? 'good'
        : 'bad'
      : life.state === 'Settling'
        ? 'watch'
        : '';
  return <span class={`badge ${tone}`}>{life.state}</span>;
}

function DiagnosisCard({ life: { diagnosis } }: { life: CallbackAnswer }) {
  return (
    <section class={`card diagnosis ${diagnosis.tone}`} aria-label="Why it waits">
      <strong>{diagnosis.sentence}</strong>
      {diagnosis.remedy !== undefined && <p class="dim">{diagnosis.remedy}</p>}
    </section>
  );
}

function FactList({ life, now }: { life: CallbackAnswer; now: number }) {
  const { work, execution, attempt } = life;
  return (
    <dl class="facts">
      <dt>Callback</dt>
      <dd class="mono">{life.callbackId}</dd>
      <dt>Kind</dt>
      <dd>{KIND_WORDS[work.kind] ?? work.kind}</dd>
      {work.host !== undefined && (
        <>
          <dt>Host</dt>
          <dd class="mono">{work.host}</dd>
        </>
      )}
      <dt>Execution</dt>
      <dd>
        <a href={`/executions/${encodeURIComponent(execution.arn)}`}>{executionName(execution.arn)}</a>
      </dd>
      <dt>State</dt>
      <dd>
        {execution.stateName}
        {attempt.epoch > 0 ? `, attempt ${attempt.epoch + 1}` : ''}
      </dd>
      <dt>Stored</dt>
      <dd>{clockTime(life.createdAt, now)}</dd>
      <dt>Times out</dt>
      <dd>
        {clockTime(life.deadline, now)} ({duration(work.timeoutSeconds * 1000)})
      </dd>
      <dt>Heartbeat</dt>
      <dd>
        {work.heartbeatSeconds === undefined ? 'none' : `every ${duration(work.heartbeatSeconds * 1000)} at least`}
      </dd>
    </dl>
  );
}

const Attempts = ({ life, now }: { life: CallbackAnswer; now: number }) => (
  <section class="card">
    <h2>All attempts of this work</h2>
    <table class="table">
      <tbody>
        {life.attempts.map(({ epoch, callbackId, state, goneReason, createdAt }) => (
          <tr key={callbackId}>
            <td>Attempt {epoch + 1}</td>
            <td class="mono cut">
              {callbackId === life.callbackId ? 'this one' : <a href={`/callbacks/${callbackId}`}>{callbackId}</a>}
            </td>
            <td>
              {state}
              {goneReason !== undefined && `, ${goneReason}`}
            </td>
            <td class="dim">{clockTime(createdAt, now)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

const LogTail = ({ life, now }: { life: CallbackAnswer; now: number }) => (
  <section class="card">
    <h2>Log</h2>
    <div class="inside">
      <pre class="log" tabIndex={0} role="region" aria-label="Log">
        {life.log.map(({ at, name, text }) => `${clockTime(at, now)}  ${name}  ${text}\n`)}
      </pre>
    </div>
  </section>
);
