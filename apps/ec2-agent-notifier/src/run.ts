/**
 * One callback on one host: marker, claim, job with heartbeats, report.
 * Nothing starts before a granted claim (L7), and from then on every way out ends with a report.
 */
import { ClaimAnswer } from '@baton/token-lib';
import { deliver, reportTimeoutMs } from './deliver.ts';
import { EXIT, ExitError, type ExitCode, messageOf } from './exit-codes.ts';
import { startHeartbeats, type Heartbeats } from './heartbeats.ts';
import { reportOf } from './job-outcome.ts';
import { stdoutReader } from './job-stdout.ts';
import type { JobUser } from './job-user.ts';
import { startJob, type Terminal } from './job.ts';
import { openLifeline, type Lifeline, type LifelineWorld } from './lifeline.ts';
import { failed, type HostRun, type JobReport } from './marker.ts';
import { prepareOutputFile, readOutputFile, removeOutputFile } from './output-file.ts';
import { persist } from './persist.ts';
import { stopRun } from './processes.ts';
import { PATIENCE_MS, resolveMarker, tidy, type RecoverWorld } from './recover.ts';

const CLAIM_TIMEOUT_MS = 35_000;
const MAX_FORBIDDEN = 5;
/** After TERM to the notifier itself: systemd sends KILL 90 seconds later. */
const INTERRUPTED_PATIENCE_MS = 30_000;
/** How long to wait for the last output of a stopped job, in case one of its processes hangs in the kernel. */
const LAST_WORDS_MS = 1_000;

const FROZEN = 'the notifier on the host was frozen for longer than Baton waits for a heartbeat';

export interface RunWorld extends RecoverWorld, LifelineWorld {
  readonly commandId: string;
  readonly pid: number;
  readonly processStart: string;
  readonly hostEnvironment: NodeJS.ProcessEnv;
  readonly jobUser: JobUser;
  readonly workDirectory: string;
  readonly terminal: Terminal;
  /** Aborted, with the signal's name as reason, when the notifier itself is told to end. */
  readonly interrupted: AbortSignal;
}

/** `askedMs`: when the claim that was granted was sent, monotonic. Baton counts the run's silence from no earlier moment (H2). */
type Granted = Extract<ClaimAnswer, { answer: 'granted' }> & { readonly askedMs: number };

export async function run(callbackId: string, world: RunWorld): Promise<ExitCode> {
  const { markers, bootId, pid, processStart } = world;
  await tidy(world);
  const mine: HostRun = { callbackId, runId: world.chance.uuid(), bootId, pid, processStart };
  if (!(await markers.create({ ...mine, phase: 'claiming' }))) {
    const theirs = await markers.read(callbackId);
    if (theirs !== undefined) return resolveMarker(theirs, world);
    throw new ExitError(EXIT.refused, 'refused: another process on this host was at the callback a moment ago');
  }
  const claim = await askForClaim(mine, world);
  if ('exit' in claim) {
    await markers.remove(callbackId);
    return claim.exit;
  }
  return runGranted(mine, claim.granted, world);
}

async function askForClaim(run: HostRun, world: RunWorld): Promise<{ granted: Granted } | { exit: ExitCode }> {
  const { baton, clock, log, interrupted } = world;
  const body = { runId: run.runId, commandId: world.commandId, bootId: run.bootId };
  let askedMs = clock.monotonicMs();
  const ask = () => {
    askedMs = clock.monotonicMs();
    return baton.post(run.callbackId, 'claim', body, ClaimAnswer, { timeout: CLAIM_TIMEOUT_MS });
  };
  for (;;) {
    const deadlineMs = clock.monotonicMs() + PATIENCE_MS;
    const end = await persist(ask, { deadlineMs, maxForbidden: MAX_FORBIDDEN, wake: interrupted }, world);
    if (end.kind === 'refused') {
      log(`the claim was refused: ${end.message}`);
      return { exit: EXIT.noPermission };
    }
    if (end.kind === 'gave-up') {
      log(`Baton could not be asked for the job: ${end.message}`);
      return { exit: EXIT.unavailable };
    }
    switch (end.answer.answer) {
      case 'granted':
        return { granted: { ...end.answer, askedMs } };
      case 'refused':
        log(`the claim was refused: ${end.answer.reason}`);
        return { exit: EXIT.refused };
      case 'wait':
        log(`an earlier attempt may still run; asking again in ${end.answer.retryAfterSeconds} s`);
        await clock.sleep(end.answer.retryAfterSeconds * 1000, interrupted);
        if (interrupted.aborted) return { exit: EXIT.unavailable };
    }
  }
}

async function runGranted(run: HostRun, granted: Granted, world: RunWorld): Promise<ExitCode> {
  const { clock, markers, log } = world;
  const limits = { intervalMs: granted.heartbeatIntervalSeconds * 1000, silenceMs: granted.heartbeatSeconds * 1000 };
  const deadlineMs = clock.monotonicMs() + granted.timeLeftSeconds * 1000;
  const since = { lastContactMs: granted.askedMs, deadlineMs };
  let lifeline: Lifeline | undefined;
  const beats = startHeartbeats(run, limits, since, (contactMs) => lifeline?.contact(contactMs), world);
  let report: JobReport;
  try {
    await markers.save({ ...run, phase: 'running' });
    const guard = { runId: run.runId, silenceMs: limits.silenceMs, graceMs: granted.stopGraceSeconds * 1000 };
    lifeline = await openLifeline(guard, granted.askedMs, world);
    report = await runJob(run, granted, beats, lifeline, world);
  } catch (error) {
    const why = messageOf(error);
    report = failed('Baton.NotifierFailed', `The notifier on the host failed: ${why}`);
    await stopRun(run, granted.stopGraceSeconds, world);
  } finally {
    beats.end();
    lifeline?.jobEnded();
  }
  try {
    await markers.save({ ...run, phase: 'reporting', report });
  } catch (error) {
    log(`the report is not on disk and is sent all the same: ${messageOf(error)}`);
  }
  const interruptedMs = world.interrupted.aborted ? clock.monotonicMs() + INTERRUPTED_PATIENCE_MS : Infinity;
  const untilMs = Math.min(beats.deadlineMs(), interruptedMs);
  const delivery = { deadlineMs: untilMs, timeoutMs: reportTimeoutMs(limits.silenceMs) };
  return deliver(run, report, delivery, world).finally(() => lifeline?.end());
}

async function runJob(
  run: HostRun,
  granted: Granted,
  beats: Heartbeats,
  lifeline: Lifeline,
  world: RunWorld,
): Promise<JobReport> {
  if (world.interrupted.aborted) return stopped(interruption(world.interrupted));
  // A claim may be answered so late that its run counts as over, and the next attempt's as granted (L7).
  const late = await Promise.race([beats.stop, Promise.resolve(undefined)]);
  if (late !== undefined) return stopped(late);
  const { jobUser, hostEnvironment, workDirectory, terminal, clock } = world;
  if (jobUser.kind === 'own' && jobUser.because !== undefined) world.log(jobUser.because);
  const outputFile = world.markers.outputFile(run.callbackId, jobUser.kind);
  const stdout = stdoutReader((progress) => beats.progress(progress), world.log);
  try {
    await prepareOutputFile(outputFile, jobUser);
    const setting = { runId: run.runId, outputFile, workDirectory, jobUser, hostEnvironment, stdout, terminal, clock };
    const job = await startJob(granted.job, setting);
    lifeline.started(job.pid);
    const first = await Promise.race([job.ended.then(() => undefined), beats.stop, aborted(world.interrupted)]);
    // Whatever the job exited with, the supervisor had told it to, and may be about to stop the rest of it.
    const reason = first ?? (lifeline.cut() ? FROZEN : undefined);
    if (reason === undefined)
      return reportOf(await job.ended, await readOutputFile(outputFile, jobUser), stdout.lastJson());
    world.log(`stopping the job: ${reason}`);
    lifeline.stopping();
    await stopRun({ runId: run.runId, rootPid: job.pid }, granted.stopGraceSeconds, world);
    await Promise.race([job.ended, clock.sleep(LAST_WORDS_MS)]);
    return stopped(reason);
  } finally {
    await removeOutputFile(outputFile, jobUser).catch(() => undefined);
  }
}

function stopped(reason: string): JobReport {
  return failed('Baton.Stopped', `The job was stopped: ${reason}.`);
}

function interruption(signal: AbortSignal): string {
  return `the notifier on the host received ${String(signal.reason)}`;
}

async function aborted(signal: AbortSignal): Promise<string> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  return interruption(signal);
}
