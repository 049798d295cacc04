import type { ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';
import type { PlaceAnswer } from '../server/console-world.ts';
import { ConnectionContext } from './live.ts';

interface Room {
  readonly path: string;
  readonly name: string;
  readonly isHere: (path: string) => boolean;
}

const startsWith =
  (...paths: string[]) =>
  (path: string) =>
    paths.some((each) => path.startsWith(each));

const ROOMS: readonly (Room & { readonly of?: 'platform' | 'local' })[] = [
  { path: '/', name: 'Waiting', isHere: (path) => path === '/' || startsWith('/callbacks')(path), of: 'platform' },
  { path: '/closed', name: 'Closed', isHere: startsWith('/closed'), of: 'platform' },
  { path: '/executions', name: 'Executions', isHere: startsWith('/executions') },
  { path: '/health', name: 'Health', isHere: startsWith('/health'), of: 'platform' },
  { path: '/local', name: 'Local', isHere: startsWith('/local'), of: 'local' },
];

const roomsOf = ({ table, kind }: PlaceAnswer): readonly Room[] =>
  ROOMS.filter(({ of }) => of === undefined || (of === 'platform' ? table !== undefined : kind === 'local'));

export function Shell({ place, path, children }: { place: PlaceAnswer; path: string; children: ComponentChildren }) {
  const { isLost, trouble } = useContext(ConnectionContext);
  return (
    <div class="shell">
      <header class="top">
        <a class="brand plain" href="/">
          <Baton />
          Baton
        </a>
        <nav aria-label="Rooms">
          <ul>
            {roomsOf(place).map(({ path: href, name, isHere }) => (
              <li key={href}>
                <a href={href} aria-current={isHere(path) ? 'page' : undefined}>
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div class="place">
          {place.readOnly && <span class="badge">read only</span>}
          <span>{place.kind === 'local' ? 'Local AWS' : place.accountId}</span>
          <span>{place.region}</span>
          <span class={isLost ? 'live lost' : 'live'} role="status">
            {isLost ? 'not connected' : 'live'}
          </span>
        </div>
      </header>
      <main tabIndex={-1}>
        {isLost && <p class="notice">The connection to the console’s server is lost. It comes back by itself.</p>}
        {trouble !== undefined && <p class="notice">AWS could not be read: {trouble}</p>}
        {children}
      </main>
    </div>
  );
}

const Baton = () => (
  <svg viewBox="0 0 32 32" aria-hidden="true">
    <rect x="3" y="12.5" width="26" height="7" rx="3.5" transform="rotate(-32 16 16)" fill="var(--accent)" />
    <rect x="3" y="12.5" width="8" height="7" rx="3.5" transform="rotate(-32 16 16)" fill="var(--bad)" />
  </svg>
);
