import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { createLocalAws, type LocalAws } from '@baton/local-aws';
import { watchInterruption } from '../interruption.ts';
import type { DeployedWorkflows, PreparedWorkflows } from '../local/deployed-workflows.ts';
import { serveOnDemand, type Served } from '../console/console-on-demand.ts';
import type { KeptState } from '../local/kept-state.ts';
import { announcePlatform } from '../local/running-platform.ts';
import { CliError, type Terminal } from '../terminal.ts';
import { parsePort } from './parse-port.ts';

export interface LocalOptions {
  readonly port: string;
  readonly bare?: boolean;
  readonly watch?: boolean;
  /** A folder that brings state over a restart. */
  readonly keep?: string;
  readonly retain: string;
  /** A seed, or true for any. */
  readonly unkind?: string | true;
  /** Whether calls need leave by IAM's policies. */
  readonly iam: 'on' | 'off';
}

/** Keeps a local AWS running until SIGINT or SIGTERM. */
export async function runLocal(folders: readonly string[], options: LocalOptions, terminal: Terminal): Promise<void> {
  const { line, colors } = terminal;
  const port = parsePort(options.port);
  const retain = parseRetain(options.retain);
  const unkind = parseUnkind(options.unkind);
  const prepared = await prepare(folders, options);
  const interruption = watchInterruption();
  const { createFaults, createMovedClock } = await import('../console/local-controls.ts');
  const faults = createFaults();
  const aws = createLocalAws({
    ...{ retain, iam: options.iam, clock: createMovedClock, steps: faults.steps },
    ...(unkind !== undefined && { unkind }),
  });
  let deployed: DeployedWorkflows | undefined;
  let page: Served | undefined;
  let withdraw: (() => void) | undefined;
  let kept: KeptState | undefined;
  try {
    const url = await listen(aws, port);
    line(`${colors.bold('Local AWS')} on ${colors.cyan(url)}`);
    if (unkind !== undefined) line(`  unkind      --unkind=${unkind} chooses the same again`);
    deployed = await prepared?.deploy(aws, terminal);
    kept = await keep(aws, options.keep, terminal);
    const serve = async (): Promise<Served> => {
      const { serveLocalConsole } = await import('../console/serve-local-console.ts');
      return serveLocalConsole(aws, { url, bare: options.bare === true, faults });
    };
    page = options.bare ? await serveOnDemand(serve) : await serve();
    line(`console  ${page.url}`);
    line('');
    line('Point any AWS client at it:');
    line(`  export AWS_ENDPOINT_URL=${url}`);
    line(`  export AWS_REGION=${aws.world.region} AWS_DEFAULT_REGION=${aws.world.region}`);
    line('  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test');
    line('');
    line(colors.dim('Mails to subscribers are shown here. Ctrl-C stops it.'));
    showMails(aws, line);
    withdraw = announcePlatform({ url, region: aws.world.region, processId: process.pid });
    await aborted(interruption.signal);
    line('stopping');
  } finally {
    withdraw?.();
    await kept?.close();
    deployed?.close();
    await page?.close();
    await aws.close();
    interruption.release();
  }
}

async function keep(aws: LocalAws, named: string | undefined, { line }: Terminal): Promise<KeptState | undefined> {
  if (named === undefined) return undefined;
  const { KEPT, keepState, NOT_KEPT } = await import('../local/kept-state.ts');
  const folder = resolve(process.env['INIT_CWD'] ?? process.cwd(), named);
  const kept = await keepState(aws, folder);
  line(`  keeps       ${KEPT}, in ${folder}; not ${NOT_KEPT}`);
  return kept;
}

/** The bare one needs none of what deploys, and starts without it. */
async function prepare(
  folders: readonly string[],
  { bare = false, watch = false }: LocalOptions,
): Promise<PreparedWorkflows | undefined> {
  if (bare && (folders.length > 0 || watch))
    throw new CliError('--bare has no workflows: give no folders and no --watch');
  if (bare) return undefined;
  const { prepareWorkflows } = await import('../local/deployed-workflows.ts');
  return prepareWorkflows(folders, { watch });
}

/** No mail leaves the local AWS: whoever plays the people reads it here. */
function showMails({ sns, observe }: LocalAws, line: (text: string) => void): void {
  let last = sns.outbox.at(-1);
  observe({
    call() {
      if (sns.outbox.at(-1) === last) return;
      // The outbox forgets its oldest mails, so its length says nothing.
      const unseen = sns.outbox.slice(last === undefined ? 0 : sns.outbox.lastIndexOf(last) + 1);
      last = sns.outbox.at(-1);
      for (const { to, subject, text } of unseen) {
        line(`\nmail to ${to}: ${subject}\n${text.replace(/^/gm, '  ')}`);
      }
    },
  });
}

function parseRetain(text: string): number {
  const retain = Number(text);
  if (!Number.isInteger(retain) || retain < 1) throw new CliError(`--retain "${text}" is not a whole number from 1`);
  return retain;
}

function parseUnkind(text: string | true | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seed = text === true ? randomInt(1_000_000) : Number(text);
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new CliError(`--unkind "${String(text)}" is not a whole number from 0`);
  return seed;
}

/** @throws {CliError} when the port is in use */
async function listen(aws: LocalAws, port: number): Promise<string> {
  try {
    return await aws.listen(port);
  } catch (error) {
    throw new CliError((error as Error).message, 69);
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
