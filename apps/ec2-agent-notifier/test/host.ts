/** A host for tests: a folder of state, a boot id, a metadata service, Baton's HTTP API, and the built program. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startBatonServer, type BatonServer } from './baton-server.ts';
import { linuxProcesses, processesOfRun } from '../src/processes.ts';
import { startMetadataServer, type MetadataServer } from './metadata-server.ts';

const BUNDLE = fileURLToPath(new URL('../dist/main.mjs', import.meta.url));
/** For supervisors to end by themselves when a test is over. */
const LAST_REPORTS_MS = 2_000;
export const CALLBACK_ID = '0123456789abcdefghjkmnpqrs';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export interface TestHost {
  readonly folder: string;
  readonly baton: BatonServer;
  readonly metadata: MetadataServer;
  start(args: readonly string[], environment?: NodeJS.ProcessEnv, detached?: boolean): Started;
  /** `ec2-agent-notifier run`, from start to end. */
  run(environment?: NodeJS.ProcessEnv): Promise<Ended>;
  startRun(environment?: NodeJS.ProcessEnv): Started;
  /** As the SSM agent starts it: the leader of a process group, which the agent KILLs as a whole. */
  startGroup(): Started;
  recover(): Promise<Ended>;
  /** All that runs ends at once, supervisors and jobs too, and the host has another boot id. */
  reboot(): Promise<void>;
  marker(): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export async function startHost(): Promise<TestHost> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-notifier-'));
  const [baton, metadata] = await Promise.all([startBatonServer(), startMetadataServer()]);
  const bootIdFile = join(folder, 'boot_id');
  await writeFile(bootIdFile, 'first-boot\n');
  const children: ChildProcess[] = [];

  const host: TestHost = {
    folder,
    baton,
    metadata,
    start(args, environment = {}, detached = false) {
      const child = spawn(process.execPath, [BUNDLE, ...args], {
        cwd: folder,
        detached,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          PATH: process.env['PATH'],
          SSM_COMMAND_ID: 'command-1',
          BATON_STATE_DIRECTORY: join(folder, 'state'),
          BATON_BOOT_ID_FILE: bootIdFile,
          AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.url,
          ...environment,
        },
      });
      children.push(child);
      return { child, ended: gather(child) };
    },
    startRun: (environment) => host.start(['run', '--callback-id', CALLBACK_ID, '--endpoint', baton.url], environment),
    startGroup: () => host.start(['run', '--callback-id', CALLBACK_ID, '--endpoint', baton.url], {}, true),
    run: (environment) => host.startRun(environment).ended,
    recover: () => host.start(['recover', '--endpoint', baton.url]).ended,
    async reboot() {
      const all = await linuxProcesses.list();
      const doomed = children.flatMap(({ pid }) => processesOfRun(all, { runId: 'none', rootPid: pid }));
      for (const pid of doomed) linuxProcesses.signal(pid, 'SIGKILL');
      await writeFile(bootIdFile, 'second-boot\n');
    },
    async marker() {
      return JSON.parse(await readFile(join(folder, 'state', `${CALLBACK_ID}.json`), 'utf8')) as Record<
        string,
        unknown
      >;
    },
    async close() {
      for (const child of children) child.kill('SIGKILL');
      const untilMs = Date.now() + LAST_REPORTS_MS;
      while (Date.now() < untilMs && (await supervisorsFor(baton.url)).length > 0) await setTimeout(20);
      for (const pid of await supervisorsFor(baton.url)) linuxProcesses.signal(pid, 'SIGKILL');
      await Promise.all([baton.close(), metadata.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
  return host;
}

/** Supervisors whose notifier reports to that address. */
async function supervisorsFor(url: string): Promise<number[]> {
  const all = await linuxProcesses.list();
  const lines = await Promise.all(all.map(({ pid }) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return all.flatMap(({ pid }, at) => (lines[at]!.includes('\0supervise\0') && lines[at]!.includes(url) ? [pid] : []));
}

async function gather(child: ChildProcess): Promise<Ended> {
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  return { code, signal, stdout, stderr };
}
