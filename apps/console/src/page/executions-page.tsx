import { useState } from 'preact/hooks';
import type { ExecutionLine, ExecutionsAnswer } from '../server/executions/step-functions.ts';
import type { PlaceAnswer } from '../server/console-world.ts';
import { go, queryWith } from './address.ts';
import { ApiError, post } from './api.ts';
import { useApi, useNow } from './live.ts';
import { clockTime, count, duration } from './words.ts';

const STATUSES = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE'];
export const executionPath = (arn: string): string => `/executions/${encodeURIComponent(arn)}`;

export function ExecutionsPage({ address, place }: { address: URL; place: PlaceAnswer }) {
  const query = address.searchParams;
  const [status, machine] = [query.get('status') ?? '', query.get('machine') ?? ''];
  const { data, error } = useApi<ExecutionsAnswer>(`/api/executions${status === '' ? '' : `?status=${status}`}`);
  const now = useNow(data?.now);
  const [starting, setStarting] = useState(false);
  const shown = (data?.executions ?? []).filter((line) => machine === '' || line.machine === machine);
  const set = (name: string) => (event: { currentTarget: { value: string } }) =>
    go(`/executions${queryWith(query, { [name]: event.currentTarget.value })}`, true);
  return (
    <>
      <div class="title">
        <h1>Executions</h1>
        <span class="dim" role="status">
          {data === undefined
            ? 'reading…'
            : `${count(shown.length, 'execution')}${data.isCut ? ', the newest of each machine' : ''}`}
        </span>
        <div class="toolbar">
          <button
            type="button"
            disabled={place.readOnly || (data?.machines.length ?? 0) === 0}
            aria-expanded={starting}
            onClick={() => setStarting(!starting)}
          >
            Start…
          </button>
        </div>
      </div>
      {error !== undefined && <p class="notice">{error.message}</p>}
      {starting && data !== undefined && <StartForm machines={data.machines} />}
      <div class="filters">
        <select aria-label="State machine" value={machine} onChange={set('machine')}>
          <option value="">every machine</option>
          {data?.machines.map(({ arn, name }) => (
            <option key={arn} value={name}>
              {name}
            </option>
          ))}
        </select>
        <select aria-label="Status" value={status} onChange={set('status')}>
          <option value="">every status</option>
          {STATUSES.map((each) => (
            <option key={each} value={each}>
              {each.toLowerCase().replace('_', ' ')}
            </option>
          ))}
        </select>
      </div>
      {data !== undefined && shown.length === 0 ? (
        <div class="card empty">
          <strong>No executions</strong>
          Start one here, or with any client of Step Functions.
        </div>
      ) : (
        <ExecutionTable lines={shown} now={now} />
      )}
    </>
  );
}

export function ExecutionTable({ lines, now }: { lines: readonly ExecutionLine[]; now: number }) {
  return (
    <div class="card wide" tabIndex={0} role="region" aria-label="Executions">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Execution</th>
            <th scope="col">State machine</th>
            <th scope="col">Status</th>
            <th scope="col">Started</th>
            <th scope="col">Took</th>
          </tr>
        </thead>
        <tbody>
          {lines.slice(0, 300).map((line) => (
            <tr key={line.arn}>
              <td class="cut">
                <a href={executionPath(line.arn)}>{line.name}</a>
              </td>
              <td>{line.machine}</td>
              <td>
                <Status status={line.status} />
              </td>
              <td class="dim">{clockTime(line.startedAt, now)}</td>
              <td class="dim">{duration((line.stoppedAt ?? now) - line.startedAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const TONES: Readonly<Record<string, string>> = {
  SUCCEEDED: 'good',
  FAILED: 'bad',
  TIMED_OUT: 'bad',
  ABORTED: 'watch',
};

export const Status = ({ status }: { status: string }) => (
  <span class={`badge ${TONES[status] ?? ''}`}>{status.toLowerCase().replace('_', ' ')}</span>
);

function StartForm({ machines }: { machines: ExecutionsAnswer['machines'] }) {
  const [given, setGiven] = useState({ machineArn: machines[0]?.arn ?? '', input: '{}', name: '' });
  const [said, setSaid] = useState<string>();
  const set = (name: keyof typeof given) => (event: { currentTarget: { value: string } }) =>
    setGiven({ ...given, [name]: event.currentTarget.value });
  const start = async (): Promise<void> => {
    try {
      const { executionArn } = await post<{ executionArn: string }>('/api/executions', given);
      go(executionPath(executionArn));
    } catch (error) {
      setSaid(error instanceof ApiError ? error.message : 'The console’s server does not answer.');
    }
  };
  return (
    <form
      class="card inside decide fade"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <label>
        State machine
        <br />
        <select value={given.machineArn} onChange={set('machineArn')}>
          {machines.map(({ arn, name }) => (
            <option key={arn} value={arn}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        Input, as JSON
        <textarea value={given.input} onInput={set('input')} required />
      </label>
      <label>
        Name, if it is to have one of yours
        <input value={given.name} onInput={set('name')} />
      </label>
      <div class="verbs">
        <button class="primary" type="submit">
          Start
        </button>
      </div>
      {said !== undefined && (
        <p class="answer lost" role="status">
          {said}
        </p>
      )}
    </form>
  );
}
