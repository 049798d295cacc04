/** `baton console`: the console from an operator's machine, against AWS with the operator's own credentials. */
import { connectWorld, type RunningConsole, serveConsole } from '@baton/console';
import { productFolder } from '@baton/local-platform';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildBundles } from '../build-bundles.ts';
import { watchInterruption } from '../interruption.ts';
import { CliError, type Terminal } from '../terminal.ts';
import { whoActs } from '../callbacks/who-acts.ts';
import { parsePort } from './parse-port.ts';

export interface ConsoleOptions {
  readonly port: string;
  readonly table: string;
  readonly region?: string;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly as?: string;
  readonly readOnly?: boolean;
}

/** How often a page that is open has AWS asked: a page of the index and 100 rows each time. */
const POLL_MILLIS = 10_000;

/** Serves the console until SIGINT or SIGTERM. */
export async function runConsole(options: ConsoleOptions, { line, colors }: Terminal): Promise<void> {
  const port = parsePort(options.port);
  const page = join(productFolder, 'apps/console/dist');
  if (!existsSync(page)) buildBundles(undefined, '@baton/console');
  const { table, region, profile, endpoint, as, readOnly = false } = options;
  // The SDK reads a profile's endpoint only for the profile of the environment.
  if (profile !== undefined) process.env['AWS_PROFILE'] = profile;
  const place = {
    kind: 'aws',
    region: region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? 'the profile’s region',
    table,
  } as const;
  const now = (): number => Date.now();
  const world = connectWorld({
    ...{ place, region, profile, endpoint, now, pollMillis: POLL_MILLIS },
    who: (callerArn) => whoActs(as, callerArn),
  });
  const interruption = watchInterruption();
  let running: RunningConsole | undefined;
  try {
    running = await serveConsole({ world, port, readOnly, page });
    line(`console  ${running.url}`);
    line(colors.dim('Whoever opens this address acts with your rights. Ctrl-C ends it.'));
    await new Promise((resolve) => interruption.signal.addEventListener('abort', resolve));
  } catch (error) {
    throw new CliError((error as Error).message, 69);
  } finally {
    await running?.close();
    world.close();
    interruption.release();
  }
}
