import type { ClosedAnswer } from '../server/closed-callbacks.ts';
import { go, queryWith } from './address.ts';
import { useApi, useNow } from './live.ts';
import { clockTime, count, KIND_WORDS } from './words.ts';

const TONES = { succeeded: 'good', failed: 'bad', gone: 'watch' } as const;

export function ClosedPage({ address }: { address: URL }) {
  const query = address.searchParams;
  const { data, error } = useApi<ClosedAnswer>(`/api/closed?${query.toString()}`);
  const now = useNow(data?.now);
  const set = (name: string) => (event: { currentTarget: { value: string } }) =>
    go(`/closed${queryWith(query, { [name]: event.currentTarget.value, after: '' })}`, true);
  return (
    <>
      <div class="title">
        <h1>Closed</h1>
        <span class="dim" role="status">
          {data === undefined ? 'reading…' : `${count(data.rows.length, 'callback')}, kept for 30 days`}
        </span>
      </div>
      {error !== undefined && <p class="notice">{error.message}</p>}
      <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <input
          type="search"
          aria-label="Search"
          placeholder="Work, machine, error name, who decided, or callback id"
          value={query.get('text') ?? ''}
          onInput={set('text')}
        />
        <select aria-label="Outcome" value={query.get('ending') ?? ''} onChange={set('ending')}>
          <option value="">every outcome</option>
          {Object.keys(TONES).map((ending) => (
            <option key={ending} value={ending}>
              {ending}
            </option>
          ))}
        </select>
      </form>
      {data !== undefined && <ClosedTable rows={data.rows} now={now} />}
      {data?.next !== undefined && (
        <p class="more">
          <a class="button plain" href={`/closed${queryWith(query, { after: data.next })}`}>
            Look further
          </a>{' '}
          <span class="dim">Each look reads up to 4 MB of the table.</span>
        </p>
      )}
    </>
  );
}

function ClosedTable({ rows, now }: { rows: ClosedAnswer['rows']; now: number }) {
  if (rows.length === 0) {
    return (
      <div class="card empty">
        <strong>Nothing closed</strong>
        What has ended stands here, with who decided.
      </div>
    );
  }
  return (
    <div class="card wide" tabIndex={0} role="region" aria-label="Closed callbacks">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Work</th>
            <th scope="col">Outcome</th>
            <th scope="col">State machine</th>
            <th scope="col">Decided by</th>
            <th scope="col">Closed</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, 500).map((row) => (
            <tr key={row.callbackId}>
              <td>
                <a class="cut" href={`/callbacks/${row.callbackId}`}>
                  <bdi>{row.summary}</bdi>
                </a>
                <span class="dim small">{KIND_WORDS[row.kind] ?? row.kind}</span>
              </td>
              <td>
                <span class={`badge ${TONES[row.ending]}`}>{row.ending}</span>
                {row.error !== undefined && (
                  <span class="cut small mono">
                    <bdi>{row.error}</bdi>
                  </span>
                )}
              </td>
              <td>
                <span class="cut">{row.machine}</span>
                <span class="cut dim small">{row.stateName}</span>
              </td>
              <td class="dim">{row.who}</td>
              <td class="dim">{clockTime(row.closedAt, now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
