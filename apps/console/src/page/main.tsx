import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/waiting.css';
import './styles/callback.css';
import './styles/execution.css';
import { render } from 'preact';
import { followLinks, useAddress } from './address.ts';
import { CallbackPage } from './callback-page.tsx';
import { ClosedPage } from './closed-page.tsx';
import { HealthPage } from './health-page.tsx';
import { ExecutionPage } from './execution-page.tsx';
import { ExecutionsPage } from './executions-page.tsx';
import { LocalPage } from './local-page.tsx';
import { ConnectionContext, useApi, useConnection } from './live.ts';
import { Shell } from './shell.tsx';
import { WaitingPage } from './waiting-page.tsx';
import type { PlaceAnswer } from '../server/console-world.ts';

function Console() {
  const connection = useConnection();
  return (
    <ConnectionContext.Provider value={connection}>
      <Place />
    </ConnectionContext.Provider>
  );
}

function Place() {
  const { data: place } = useApi<PlaceAnswer>('/api/place');
  const address = useAddress();
  if (place === undefined) return null;
  return (
    <Shell place={place} path={address.pathname}>
      <Page place={place} address={address} />
    </Shell>
  );
}

function Page({ place, address }: { place: PlaceAnswer; address: URL }) {
  const [, room = '', id = ''] = address.pathname.split('/').map(decodeURIComponent);
  if (room === 'callbacks') return <CallbackPage key={id} id={id} place={place} />;
  if (room === 'executions' && id !== '') return <ExecutionPage key={id} arn={id} place={place} />;
  if (room === 'local') return <LocalPage place={place} />;
  if (room === 'executions' || place.table === undefined) return <ExecutionsPage address={address} place={place} />;
  if (room === 'closed') return <ClosedPage address={address} />;
  if (room === 'health') return <HealthPage />;
  return <WaitingPage address={address} />;
}

followLinks();
const root = document.getElementById('console');
if (root !== null) render(<Console />, root);
