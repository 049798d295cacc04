/** Ends what a crash or a reboot left open: leftover processes are stopped, then the report that is owed is sent. */
import { deliver, type ReportWorld } from './deliver.ts';
import { EXIT, ExitError, type ExitCode } from './exit-codes.ts';
import { decideMarker, type JobReport, type Marker } from './marker.ts';
import { type Processes, stopRun } from './processes.ts';

/** How long Baton may be out of reach when no deadline of the task is known. */
export const PATIENCE_MS = 300_000;
/**
 * How long a report waits for its answer. Its notifier is dead, so nobody beats for the task, and its heartbeat is not known any more: a
 * request that is lost has to be sent again in time for a short one too. One that is only slow has been stored meanwhile.
 */
const REPORT_TIMEOUT_MS = 5_000;
/** Given to processes of a run whose notifier died; nobody waits for their result. */
const LEFTOVER_GRACE_SECONDS = 5;
/** A process that dies closes its pipes a moment before it is gone. */
const DEATH_PATIENCE_MS = 5_000;
const LOOK_AGAIN_MS = 20;
/** SSM remembers a command for 30 days, so a duplicate cannot come later. */
const CLOSED_MARKERS_KEPT_MS = 31 * 24 * 3600 * 1000;

export interface RecoverWorld extends ReportWorld {
  readonly processes: Processes;
  readonly bootId: string;
}

/** Recovers every marker on this host. Returns the worst exit code; a failed job does not count as an error. */
export async function recover(world: RecoverWorld): Promise<ExitCode> {
  const callbackIds = await world.markers.callbackIds();
  const codes = await Promise.all(callbackIds.map((callbackId) => recoverOne(callbackId, world)));
  const code = codes.reduce((worst, each) => (each > worst ? each : worst), EXIT.ok);
  return code === EXIT.jobFailed ? EXIT.ok : code;
}

async function recoverOne(callbackId: string, world: RecoverWorld): Promise<ExitCode> {
  try {
    const marker = await world.markers.read(callbackId);
    if (marker === undefined) return EXIT.ok;
    const decision = decideMarker(marker, world.bootId, await ownerLives(marker, world));
    return decision.kind === 'refuse' ? EXIT.ok : await finish(marker, decision.report, world);
  } catch (error) {
    if (!(error instanceof ExitError)) throw error;
    world.log(error.message);
    return error.code;
  }
}

/**
 * Recovers the one marker of a notifier whose death was seen by the end of a pipe. Other markers are left alone: their jobs may have a
 * supervisor and a longer grace of their own.
 */
export async function recoverDead(callbackId: string, world: RecoverWorld): Promise<ExitCode> {
  const { clock, markers } = world;
  const untilMs = clock.monotonicMs() + DEATH_PATIENCE_MS;
  const marker = await markers.read(callbackId);
  while (marker !== undefined && clock.monotonicMs() < untilMs && (await ownerLives(marker, world)))
    await clock.sleep(LOOK_AGAIN_MS);
  return recoverOne(callbackId, world);
}

/** Called by `run` if its callback has a marker of another process. */
export async function resolveMarker(marker: Marker, world: RecoverWorld): Promise<ExitCode> {
  const decision = decideMarker(marker, world.bootId, await ownerLives(marker, world));
  if (decision.kind === 'deliver') return finish(marker, decision.report, world);
  world.log(`refused: ${decision.reason}`);
  return EXIT.refused;
}

/**
 * Before a run starts: processes whose notifier was killed may belong to an earlier attempt of the same work (L7), so they are stopped
 * first. Their reports are left to `recover`, the SSM agent has told of them. Forgets markers that are closed for long.
 */
export async function tidy(world: RecoverWorld): Promise<void> {
  for (const callbackId of await world.markers.callbackIds()) {
    const marker = await world.markers.read(callbackId).catch(() => undefined);
    if (marker === undefined) continue;
    if (marker.phase === 'closed') {
      const old = marker.closedAtEpochMs < world.clock.epochMs() - CLOSED_MARKERS_KEPT_MS;
      if (old) await world.markers.remove(callbackId);
    } else if (!(await ownerLives(marker, world))) {
      await stopLeftovers(marker, world);
    }
  }
}

async function finish(marker: Marker, report: JobReport, world: RecoverWorld): Promise<ExitCode> {
  const { callbackId, runId, bootId, pid, processStart } = marker;
  const run = { callbackId, runId, bootId, pid, processStart };
  await stopLeftovers(marker, world);
  await world.markers.save({ ...run, phase: 'reporting', report });
  const delivery = { deadlineMs: world.clock.monotonicMs() + PATIENCE_MS, timeoutMs: REPORT_TIMEOUT_MS };
  return deliver(run, report, delivery, world);
}

/**
 * Only for runs that did not end: daemons that a finished job has left behind are not touched. No process has outlived a boot, and none
 * that is older than the notifier of the run belongs to it.
 */
async function stopLeftovers({ phase, runId, bootId, processStart }: Marker, world: RecoverWorld): Promise<void> {
  if (phase !== 'running' || bootId !== world.bootId) return;
  await stopRun({ runId, notBefore: processStart }, LEFTOVER_GRACE_SECONDS, world);
}

async function ownerLives(marker: Marker, { processes }: RecoverWorld): Promise<boolean> {
  return (await processes.startOf(marker.pid)) === marker.processStart;
}
