import { useState } from 'preact/hooks';
import type { ExecutionAnswer, ExecutionLine } from '../server/executions/step-functions.ts';
import type { EventRow } from '../server/executions/read-history.ts';
import type { PlaceAnswer } from '../server/console-world.ts';
import { ApiError, post } from './api.ts';
import { executionPath, ExecutionTable, Status } from './executions-page.tsx';
import { Graph } from './graph.tsx';
import { useApi, useNow } from './live.ts';
import { clockTime, count, duration, executionName } from './words.ts';

export function ExecutionPage({ arn, place }: { arn: string; place: PlaceAnswer }) {
  const { data: execution, error, reload } = useApi<ExecutionAnswer>(`/api/executions/${encodeURIComponent(arn)}`);
  const now = useNow(execution?.now);
  const [chosen, setChosen] = useState<string>();
  if (execution === undefined) return <p class={error ? 'notice' : 'dim'}>{error?.message ?? 'reading…'}</p>;
  const events = execution.events.filter(({ state }) => chosen === undefined || state === chosen);
  return (
    <>
      <div class="title">
        <h1 class="cut">{execution.name}</h1>
        <Status status={execution.status} />
        <span class="dim">
          <a href={`/executions?machine=${encodeURIComponent(execution.machine)}`}>{execution.machine}</a>, started{' '}
          {clockTime(execution.startedAt, now)}, {duration((execution.stoppedAt ?? now) - execution.startedAt)}
          {execution.redrives > 0 && `, redriven ${execution.redrives}×`}
        </span>
        <Change execution={execution} place={place} onDone={reload} />
      </div>
      <div class="stack">
        {execution.error !== undefined && (
          <section class="card diagnosis trouble" aria-label="Why it ended">
            <strong>{execution.error}</strong>
            <pre class="dim">{execution.cause}</pre>
          </section>
        )}
        {execution.drawing !== undefined && (
          <section class="card">
            <h2 class="heads-legend">
              State machine <Legend />
            </h2>
            <Graph drawing={execution.drawing} states={execution.states} chosen={chosen} onChoose={setChosen} />
          </section>
        )}
        <Data execution={execution} />
        {execution.children.length > 0 && <Children arns={execution.children} />}
        {execution.mapRuns.map((run) => (
          <MapRun key={run.arn} run={run} now={now} />
        ))}
        <section class="card">
          <h2>
            {chosen === undefined
              ? count(execution.events.length, 'event')
              : `${count(events.length, 'event')} of ${chosen}`}
            {execution.isCut && ', the first 1,000'}
          </h2>
          <EventTable events={events} startedAt={execution.startedAt} />
        </section>
      </div>
    </>
  );
}

const Legend = () => (
  <span class="legend" aria-hidden="true">
    {['running', 'succeeded', 'caught', 'failed'].map((status) => (
      <span key={status}>
        <i class={status} />
        {status}
      </span>
    ))}
  </span>
);

function Data({ execution: { input, output } }: { execution: ExecutionAnswer }) {
  const parts = [
    ['Input', input],
    ['Output', output],
  ] as const;
  return (
    <section class="card">
      <h2>Data</h2>
      <div class="inside stack">
        {parts.map(([name, text]) =>
          text === undefined ? null : (
            <details key={name} open={text.length < 400}>
              <summary>{name}</summary>
              <pre>{pretty(text)}</pre>
            </details>
          ),
        )}
      </div>
    </section>
  );
}

function pretty(text: unknown): string {
  if (typeof text !== 'string') return JSON.stringify(text, undefined, 2) ?? '';
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

const Children = ({ arns }: { arns: readonly string[] }) => (
  <section class="card">
    <h2>Executions that it has started</h2>
    <ul class="inside">
      {arns.map((arn) => (
        <li key={arn}>
          <a href={executionPath(arn)}>{executionName(arn)}</a>
        </li>
      ))}
    </ul>
  </section>
);

function MapRun({ run, now }: { run: { arn: string; state: string }; now: number }) {
  const { data: lines } = useApi<ExecutionLine[]>(`/api/map-runs/${encodeURIComponent(run.arn)}`);
  return (
    <section class="stack">
      <h2>Map Run of {run.state}</h2>
      <ExecutionTable lines={lines ?? []} now={now} />
    </section>
  );
}

function EventTable({ events, startedAt }: { events: readonly EventRow[]; startedAt: number }) {
  const [all, setAll] = useState(false);
  const shown = all ? events : events.slice(-200);
  return (
    <div class="wide" tabIndex={0} role="region" aria-label="Events">
      {shown.length < events.length && (
        <p class="inside">
          <button type="button" class="quiet" onClick={() => setAll(true)}>
            Show the {events.length - shown.length} before
          </button>
        </p>
      )}
      <table class="table events">
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">After</th>
            <th scope="col">Event</th>
            <th scope="col">State</th>
            <th scope="col">Data</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((event) => (
            <tr key={event.id}>
              <td class="dim">{event.id}</td>
              <td class="dim">{((event.at - startedAt) / 1000).toFixed(2)} s</td>
              <td>{event.type}</td>
              <td>{event.state}</td>
              <td>
                <Details details={event.details} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Details({ details }: { details: EventRow['details'] }) {
  const entries = Object.entries(details);
  if (entries.length === 0) return null;
  const error = details['error'];
  return (
    <details>
      <summary>{typeof error === 'string' ? error : entries.map(([name]) => name).join(', ')}</summary>
      {entries.map(([name, value]) => (
        <div key={name}>
          <span class="dim small">{name}</span>
          <pre>{pretty(value)}</pre>
        </div>
      ))}
    </details>
  );
}

function Change({ execution, place, onDone }: { execution: ExecutionAnswer; place: PlaceAnswer; onDone: () => void }) {
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const [said, setSaid] = useState<string>();
  const act = async (body: object): Promise<void> => {
    try {
      await post(`/api/executions/${encodeURIComponent(execution.arn)}`, body);
      setSaid(undefined);
      setAsking(false);
    } catch (error) {
      setSaid(error instanceof ApiError ? error.message : 'The console’s server does not answer.');
    }
    onDone();
  };
  return (
    <div class="toolbar">
      {execution.status === 'RUNNING' && !asking && (
        <button class="danger" type="button" disabled={place.readOnly} onClick={() => setAsking(true)}>
          Stop…
        </button>
      )}
      {execution.mayRedrive && (
        <button type="button" disabled={place.readOnly} onClick={() => void act({ verb: 'redrive' })}>
          Redrive
        </button>
      )}
      {asking && (
        <form
          class="toolbar"
          onSubmit={(event) => {
            event.preventDefault();
            void act({ verb: 'stop', reason });
          }}
        >
          <input
            aria-label="Reason"
            placeholder="Reason"
            required
            value={reason}
            onInput={({ currentTarget }) => setReason(currentTarget.value)}
          />
          <button class="danger" type="submit">
            Stop the execution
          </button>
        </form>
      )}
      {said !== undefined && (
        <p class="answer lost" role="status">
          {said}
        </p>
      )}
    </div>
  );
}
