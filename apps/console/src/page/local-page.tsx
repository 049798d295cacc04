/** What only a local AWS has: the people's mails, the hosts, the clock and the faults. */
import { useState } from 'preact/hooks';
import type { Fault, LocalAnswer } from '../server/local-controls.ts';
import type { PlaceAnswer } from '../server/console-world.ts';
import type { WaitingAnswer } from '../server/waiting-row.ts';
import { ApiError, post } from './api.ts';
import { useApi, useNow } from './live.ts';
import { clockTime, duration } from './words.ts';

export function LocalPage({ place }: { place: PlaceAnswer }) {
  const { data: local, error, reload } = useApi<LocalAnswer>('/api/local');
  const [said, setSaid] = useState<string>();
  const now = useNow(local?.now);
  if (local === undefined) return <p class={error ? 'notice' : 'dim'}>{error?.message ?? 'reading…'}</p>;
  const act = async (body: object): Promise<void> => {
    try {
      await post('/api/local', body);
      setSaid(undefined);
    } catch (failure) {
      setSaid(failure instanceof ApiError ? failure.message : 'The console’s server does not answer.');
    }
    reload();
  };
  const parts = { local, now, place, act };
  return (
    <>
      <div class="title">
        <h1>Local AWS</h1>
        <span class="dim">{new Date(now).toISOString().replace('T', ' ').slice(0, 19)} UTC</span>
      </div>
      {said !== undefined && <p class="notice">{said}</p>}
      <div class="columns">
        <div>
          <Outbox local={local} now={now} />
        </div>
        <div>
          <ClockCard {...parts} />
          <HostsCard {...parts} />
          <FaultsCard {...parts} />
        </div>
      </div>
    </>
  );
}

interface Parts {
  readonly local: LocalAnswer;
  readonly now: number;
  readonly place: PlaceAnswer;
  readonly act: (body: object) => Promise<void>;
}

function ClockCard({ local, now, place, act }: Parts) {
  const { data: waiting } = useApi<WaitingAnswer>(place.table === undefined ? undefined : '/api/waiting?limit=1');
  const next = waiting?.rows[0]?.next.at;
  const advance = (milliseconds: number) => () => void act({ verb: 'advance', milliseconds });
  return (
    <section class="card">
      <h2>Clock</h2>
      <div class="inside stack">
        <p class="dim">
          {local.ahead === 0 ? 'It shows the machine’s time.' : `It is ${duration(local.ahead)} ahead of the machine.`}
        </p>
        <div class="toolbar start">
          <button
            type="button"
            disabled={place.readOnly || next === undefined || next <= now}
            onClick={() => void act({ verb: 'advance', milliseconds: Math.ceil((next ?? now) - now) + 1_000 })}
          >
            Skip to the next deadline
          </button>
          <button type="button" disabled={place.readOnly} onClick={advance(60_000)}>
            + 1 min
          </button>
          <button type="button" disabled={place.readOnly} onClick={advance(7_200_000)}>
            + 2 h
          </button>
        </div>
      </div>
    </section>
  );
}

const HOST_WORDS = { 'lose-network': 'Lose network', reboot: 'Reboot', kill: 'Kill' } as const;

function HostsCard({ local, place, act }: Parts) {
  return (
    <section class="card">
      <h2>Hosts</h2>
      <ul class="inside stack">
        {local.hosts.length === 0 && <li class="dim">There are none.</li>}
        {local.hosts.map(({ instanceId, state, isConnected }) => (
          <li key={instanceId}>
            <p>
              <span class="mono">{instanceId}</span>{' '}
              <span class={`badge ${state === 'running' && isConnected ? 'good' : 'bad'}`}>
                {state === 'running' && !isConnected ? 'no network' : state}
              </span>
            </p>
            {state === 'running' && (
              <div class="toolbar start">
                {Object.entries(HOST_WORDS).map(([what, word]) => (
                  <button
                    key={what}
                    type="button"
                    disabled={place.readOnly}
                    onClick={() =>
                      void act({
                        verb: 'host',
                        instanceId,
                        what: what === 'lose-network' && !isConnected ? 'restore-network' : what,
                      })
                    }
                  >
                    {what === 'lose-network' && !isConnected ? 'Restore network' : word}
                  </button>
                ))}
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function FaultsCard({ local, place, act }: Parts) {
  const [fault, setFault] = useState<Fault>({ action: 'states:SendTaskSuccess', kind: 'throttle' });
  const set = (faults: readonly Fault[]): void => void act({ verb: 'faults', faults });
  return (
    <section class="card">
      <h2>Faults</h2>
      <form
        class="inside stack"
        onSubmit={(event) => {
          event.preventDefault();
          set([...local.faults.filter(({ action }) => action !== fault.action), fault]);
        }}
      >
        {local.faults.map((each) => (
          <p key={each.action}>
            <span class="badge bad">{each.kind}</span> <span class="mono">{each.action}</span>{' '}
            <button
              type="button"
              class="quiet"
              disabled={place.readOnly}
              onClick={() => set(local.faults.filter((other) => other !== each))}
            >
              end
            </button>
          </p>
        ))}
        <div class="toolbar start">
          <select
            aria-label="Fault"
            value={fault.kind}
            onChange={({ currentTarget }) => setFault({ ...fault, kind: currentTarget.value as Fault['kind'] })}
          >
            <option value="throttle">throttle</option>
            <option value="delay">delay by 3 s</option>
            <option value="drop">drop the answer of</option>
          </select>
          <input
            aria-label="Action"
            class="mono"
            value={fault.action}
            onInput={({ currentTarget }) => setFault({ ...fault, action: currentTarget.value })}
          />
          <button type="submit" disabled={place.readOnly}>
            Break
          </button>
        </div>
      </form>
    </section>
  );
}

const LINK = /(https?:\/\/127\.0\.0\.1:\d+\/[^\s<>"]+)/g;

function Outbox({ local: { mails }, now }: { local: LocalAnswer; now: number }) {
  return (
    <section class="card">
      <h2>Outbox</h2>
      <ul class="inside stack">
        {mails.length === 0 && (
          <li class="dim">No mail yet. No mail leaves a local AWS: whoever plays the people reads it here.</li>
        )}
        {mails.map((mail, index) => (
          <li key={`${mail.at} ${mail.to} ${index}`} class="mail">
            <p>
              <strong>{mail.subject}</strong>
            </p>
            <p class="dim small">
              to {mail.to}, {clockTime(mail.at, now)}
            </p>
            <pre>
              {mail.text.split(LINK).map((part, at) =>
                at % 2 === 1 ? (
                  <a key={at} class="link" href={part} target="_blank" rel="noreferrer">
                    {part.length > 80 ? `${part.slice(0, 60)}…` : part}
                  </a>
                ) : (
                  part
                ),
              )}
            </pre>
          </li>
        ))}
      </ul>
    </section>
  );
}
