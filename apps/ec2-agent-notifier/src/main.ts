#!/usr/bin/env node
/** Builds the world: environment, clock, network, disk, signals, exit codes. The verbs are in run.ts, recover.ts and supervise.ts. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { batonClient, fetchSend } from '@baton/token-lib';
import { type Arguments, parseArguments, USAGE } from './arguments.ts';
import { checkNode, readConfig, WORK_DIRECTORY } from './config.ts';
import { EXIT, ExitError, type ExitCode } from './exit-codes.ts';
import { hostClock } from './host-clock.ts';
import { instanceMetadata } from './imds.ts';
import { chooseJobUser, findUser } from './job-user.ts';
import { openMarkerStore } from './marker-store.ts';
import { linuxProcesses } from './processes.ts';
import { recover, recoverDead } from './recover.ts';
import { run } from './run.ts';
import { supervise, surviveOthers } from './supervise.ts';

const log = (line: string) => void process.stderr.write(`ec2-agent-notifier: ${line}\n`);

/** A host that goes down kills its processes one by one: its next boot reports what they left, and by the right name. */
const SHUTDOWN_MS = 1_000;

async function main(): Promise<ExitCode> {
  checkNode(process.versions.node);
  // First of all: no mistake in the rest of the command line keeps a job from being stopped.
  if (process.argv[2] === 'supervise') {
    await surviveOthers();
    await supervise(process.stdin, { clock: hostClock, processes: linuxProcesses });
    await hostClock.sleep(SHUTDOWN_MS);
  }
  const given = parseArguments(process.argv.slice(2));
  if (given.verb === 'help') {
    process.stdout.write(USAGE);
    return EXIT.ok;
  }
  const config = readConfig(process.env);
  const stateDirectory = given.stateDirectory ?? config.stateDirectory;
  if (given.verb === 'supervise' && !existsSync(stateDirectory)) return EXIT.ok;
  const identity = instanceMetadata(config.metadataEndpoint, config.region, fetchSend);
  const world = {
    clock: hostClock,
    chance: { fraction: Math.random, uuid: randomUUID },
    log,
    processes: linuxProcesses,
    baton: batonClient({ endpoint: given.endpoint, identity, send: fetchSend, now: () => hostClock.epochMs() }),
    markers: await openMarkerStore(stateDirectory),
    bootId: await readBootId(config.bootIdFile),
  };
  if (given.verb === 'recover') return recover(world);
  if (given.verb === 'supervise') return recoverDead(given.callbackId, world);
  if (config.commandId === undefined) {
    throw new ExitError(EXIT.config, 'SSM_COMMAND_ID is not set: this is run by the SSM agent, 3.0.284 or newer');
  }
  return run(given.callbackId, {
    ...world,
    commandId: config.commandId,
    pid: process.pid,
    processStart: (await linuxProcesses.startOf(process.pid)) ?? '',
    hostEnvironment: process.env,
    jobUser: await chooseJobUser(config.runAs, process.getuid?.(), findUser),
    // Images whose notifier was not installed by the document may have no folder for jobs.
    workDirectory: config.workDirectory ?? (existsSync(WORK_DIRECTORY) ? WORK_DIRECTORY : process.cwd()),
    terminal: { stdout: writer(process.stdout), stderr: writer(process.stderr) },
    interrupted: interruption(),
    startSupervisor: () => startSupervisor(given, stateDirectory, config.bootIdFile),
  });
}

/**
 * In a session of its own, so that what the SSM agent sends to the notifier's process group does not reach it, and without the notifier's
 * stdout and stderr, for whose end the agent waits.
 */
function startSupervisor(
  { callbackId, endpoint }: Extract<Arguments, { callbackId: string }>,
  stateDirectory: string,
  bootIdFile: string,
) {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(BATON_.*|NODE_OPTIONS)$/.test(name)),
  );
  const run = ['--callback-id', callbackId, '--endpoint', endpoint, '--state-directory', resolve(stateDirectory)];
  return spawn(process.execPath, [fileURLToPath(import.meta.url), 'supervise', ...run], {
    detached: true,
    cwd: '/',
    env: { ...inherited, BATON_BOOT_ID_FILE: resolve(bootIdFile) },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
}

async function readBootId(file: string): Promise<string> {
  const bootId = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (bootId === '') throw new ExitError(EXIT.config, `no boot id in ${file}: a Linux host with /proc is needed`);
  return bootId;
}

/** Writes that nobody reads any more are forgotten: the job's result matters more than its log. */
function writer(stream: NodeJS.WriteStream): (bytes: Buffer) => Promise<void> {
  stream.on('error', () => undefined);
  return (bytes) =>
    new Promise((resolve) => void (bytes.length === 0 ? resolve() : stream.write(bytes, () => resolve())));
}

/** The first signal asks for an orderly end; a second one kills as usual. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => controller.abort(signal));
  return controller.signal;
}

try {
  process.exit(await main());
} catch (error) {
  const expected = error instanceof ExitError;
  log(expected ? error.message : `defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  process.exit(expected ? error.code : EXIT.software);
}
