import { useEffect, useRef } from 'preact/hooks';
import type { WaitingAnswer, WaitingRow } from '../server/waiting-row.ts';
import { go, queryWith } from './address.ts';
import { Bar } from './bar.tsx';
import { useNow } from './live.ts';
import { LongList } from './long-list.tsx';
import { useRowWindow } from './window-of-rows.ts';
import { count, duration, executionName, KIND_WORDS } from './words.ts';

const HEADS = ['Time left', 'Work, and why it waits', 'State machine', 'Where', 'Age', 'Heartbeat'];

export function WaitingPage({ address }: { address: URL }) {
  const query = address.searchParams.toString();
  const { latest, error, row, show } = useRowWindow<WaitingRow, WaitingAnswer>(
    `/api/waiting${query === '' ? '' : `?${query}`}`,
  );
  const now = useNow(latest?.now);
  const total = latest?.total ?? 0;
  return (
    <>
      <div class="title">
        <h1>Waiting</h1>
        <span class="dim" role="status">
          {latest === undefined ? 'reading…' : `${count(total, 'callback')}${ageOf(latest, now)}`}
        </span>
      </div>
      <Filters query={address.searchParams} latest={latest} />
      {error !== undefined && <p class="notice">{error.message}</p>}
      {latest !== undefined && latest.unreadable.length > 0 && (
        <p class="notice">This version of Baton does not understand: {latest.unreadable.join(', ')}</p>
      )}
      {latest !== undefined && total === 0 ? (
        <div class="card empty">
          <strong>{query === '' ? 'Nothing waits' : 'Nothing that waits fits these filters'}</strong>
          {query === '' ? (
            'As soon as a workflow hands a task token to Baton, it stands here.'
          ) : (
            <a href="/">Show all</a>
          )}
        </div>
      ) : (
        <LongList
          label="Open callbacks, by their next deadline"
          heads={HEADS}
          total={total}
          show={show}
          cells={(index) => <Cells row={row(index)} now={now} />}
        />
      )}
    </>
  );
}

const ageOf = ({ readAt }: WaitingAnswer, now: number): string =>
  readAt !== undefined && now - readAt > 5_000 ? `, read ${duration(now - readAt)} ago` : '';

function Cells({ row, now }: { row: WaitingRow | undefined; now: number }) {
  if (row === undefined)
    return (
      <span role="cell" aria-colspan={6} class="dim">
        …
      </span>
    );
  const { next, heartbeat, diagnosis } = row;
  const left = next.at - now;
  return (
    <>
      <span role="cell">
        <span>{left > 0 ? duration(left) : `${duration(-left)} over`}</span>
        <Bar share={left / (next.at - next.since)} />
      </span>
      <span role="cell">
        <a class="open plain cut work" href={`/callbacks/${row.callbackId}`}>
          <bdi>{row.summary}</bdi>
        </a>
        <span class={`why cut ${diagnosis.tone}`}>{diagnosis.sentence}</span>
      </span>
      <span role="cell">
        <span class="cut">{row.machine}</span>
        <span class="cut dim small">
          {row.stateName}
          {row.attempt > 0 ? `, attempt ${row.attempt + 1}` : ''}
        </span>
      </span>
      <span role="cell">
        <span class="cut">{KIND_WORDS[row.kind]}</span>
        <span class="cut dim small">{row.host ?? executionName(row.executionArn)}</span>
      </span>
      <span role="cell" class="dim">
        {duration(now - row.createdAt)}
      </span>
      <span role="cell">
        {heartbeat === undefined ? (
          <span class="dim small">none</span>
        ) : (
          <>
            <span class="dim">{duration(now - heartbeat.lastAt)} ago</span>
            <Bar share={1 - (now - heartbeat.lastAt) / (heartbeat.seconds * 1000)} />
          </>
        )}
      </span>
    </>
  );
}

function Filters({ query, latest }: { query: URLSearchParams; latest: WaitingAnswer | undefined }) {
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent): void => {
      if (event.key !== '/' || (event.target as Element).matches('input, textarea, select')) return;
      event.preventDefault();
      search.current?.focus();
    };
    document.addEventListener('keydown', focus);
    return () => document.removeEventListener('keydown', focus);
  }, []);
  const set = (name: string) => (event: { currentTarget: { value: string } }) =>
    go(`/${queryWith(query, { [name]: event.currentTarget.value })}`, true);
  return (
    <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <input
        ref={search}
        type="search"
        aria-label="Search"
        placeholder="Work, execution, state or callback id   /"
        value={query.get('text') ?? ''}
        onInput={set('text')}
      />
      <Choice
        name="kind"
        all="every kind"
        options={Object.keys(KIND_WORDS)}
        words={KIND_WORDS}
        query={query}
        set={set('kind')}
      />
      <Choice
        name="state"
        all="every state"
        options={['Stored', 'Dispatched', 'Settling']}
        query={query}
        set={set('state')}
      />
      <Choice name="machine" all="every machine" options={latest?.machines ?? []} query={query} set={set('machine')} />
      <Choice name="host" all="every host" options={latest?.hosts ?? []} query={query} set={set('host')} />
      <label class="check">
        <input
          type="checkbox"
          checked={query.has('overdue')}
          onChange={({ currentTarget }) =>
            go(`/${queryWith(query, { overdue: currentTarget.checked ? '1' : '' })}`, true)
          }
        />
        overdue
      </label>
    </form>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly all: string;
  readonly options: readonly string[];
  readonly words?: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly set: (event: { currentTarget: { value: string } }) => void;
}

function Choice({ name, all, options, words = {}, query, set }: ChoiceProps) {
  const value = query.get(name) ?? '';
  const all_ = options.includes(value) || value === '' ? options : [value, ...options];
  return (
    <select aria-label={name} value={value} onChange={set}>
      <option value="">{all}</option>
      {all_.map((option) => (
        <option key={option} value={option}>
          {words[option] ?? option}
        </option>
      ))}
    </select>
  );
}
