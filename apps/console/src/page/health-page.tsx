import type { HealthAnswer } from '../server/health.ts';
import { useApi, useNow } from './live.ts';
import { clockTime } from './words.ts';

export function HealthPage() {
  const { data, error } = useApi<HealthAnswer>('/api/health');
  const now = useNow(data?.now);
  if (data === undefined) return <p class={error ? 'notice' : 'dim'}>{error?.message ?? 'reading…'}</p>;
  return (
    <>
      <div class="title">
        <h1>Health</h1>
        <span class="dim">the figures behind the alarms</span>
      </div>
      <dl class="figures">
        {data.figures.map(({ name, value, tone, says }) => (
          <div key={name} class={`card figure ${tone}`}>
            <dt>{name}</dt>
            <dd>{value}</dd>
            <dd class="dim small says">{says}</dd>
          </div>
        ))}
      </dl>
      <section class="card">
        <h2>For a person to look at, last day</h2>
        <div class="inside">
          {data.alarms.length === 0 ? (
            <p class="dim">Nothing.</p>
          ) : (
            <pre class="log" tabIndex={0} role="region" aria-label="Alarms">
              {data.alarms.map(({ at, name, text }) => `${clockTime(at, now)}  ${name}  ${text}\n`)}
            </pre>
          )}
        </div>
      </section>
    </>
  );
}
