/** The console's server: the built page, and an API for it. It listens on 127.0.0.1 alone; who may ask is in guard.ts. */
import { serve, type ServerType } from '@hono/node-server';
import { Hono } from 'hono';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { callbackRoutes } from './callback-routes.ts';
import type { ConsoleWorld } from './console-world.ts';
import { executionRoutes } from './execution-routes.ts';
import { guard, type Session, withHeaders } from './guard.ts';
import { shownJson } from './hide-secrets.ts';
import { createLive, type Live } from './live.ts';
import { localRoutes } from './local-routes.ts';
import { readPageFiles } from './page-files.ts';
import { Refusal } from './refusal.ts';

export type { ConsoleWorld } from './console-world.ts';
export { connectWorld } from './connect-world.ts';
export type { Fault, HostVerb, LocalAnswer, LocalControls } from './local-controls.ts';

export interface ConsoleOptions {
  readonly world: ConsoleWorld;
  /** 0: any free one. */
  readonly port: number;
  /** Refuses every write. */
  readonly readOnly?: boolean;
  /** The folder of the built page. */
  readonly page: string;
}

export interface RunningConsole {
  /** With the token of the session: whoever opens it has the rights that the console runs with. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export const HOST = '127.0.0.1';

/** @throws Error when the port is in use, or the page is not built */
export async function serveConsole({ world, port, readOnly = false, page }: ConsoleOptions): Promise<RunningConsole> {
  const files = readPageFiles(page);
  const live = createLive(world);
  const session: { -readonly [K in keyof Session]: Session[K] } = { token: secret(), secret: secret(), port };
  const app = createApp({ world, live, session, readOnly, files });
  const server = serve({ fetch: app.fetch, hostname: HOST, port });
  await Promise.race([
    once(server, 'listening'),
    once(server, 'error').then(([error]) => Promise.reject(error as Error)),
  ]);
  session.port = (server.address() as AddressInfo).port;
  return {
    url: `http://${HOST}:${session.port}/?token=${session.token}`,
    port: session.port,
    async close() {
      live.close();
      await closed(server);
    },
  };
}

const secret = (): string => randomBytes(24).toString('base64url');

interface AppParts {
  readonly world: ConsoleWorld;
  readonly live: Live;
  readonly session: Session;
  readonly readOnly: boolean;
  readonly files: ReturnType<typeof readPageFiles>;
}

function createApp({ world, live, session, readOnly, files }: AppParts): Hono {
  const app = new Hono();
  app.use(withHeaders);
  app.onError((error, context) => {
    const known = error instanceof Refusal ? error : new Refusal(500, error.message);
    if (context.req.path.startsWith('/api/')) {
      const { status, message, missing } = known;
      return context.body(shownJson({ message, missing }), status, { 'content-type': 'application/json' });
    }
    return context.text(known.message, known.status);
  });
  app.use((context, next) => guard(session, readOnly)(context, next));
  app.get('/api/place', (context) => context.json({ ...world.place, readOnly }));
  app.get('/api/changes', (context) => live.stream(context));
  callbackRoutes(app, world, live);
  executionRoutes(app, world, live);
  localRoutes(app, world, live);
  app.all('/api/*', () => {
    throw new Refusal(404, 'The console has no such address.');
  });
  app.get('*', ({ req, body }) => {
    const file = files.get(req.path) ?? files.get('/index.html');
    return file === undefined ? body(null, 404) : body(file.body, 200, { 'content-type': file.type });
  });
  return app;
}

function closed(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
}
