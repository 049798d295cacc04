/** Ends what a crash or a reboot left open: leftover processes are stopped, then the report that is owed is sent. */
import { EXIT, ExitError, type ExitCode } from './exit-codes.ts';
import { decideMarker, type Marker } from './marker.ts';
import type { Processes } from './processes.ts';
import { deliver, type ReportWorld } from './report.ts';
import { stopRun } from './stop-run.ts';

/** How long Baton may be out of reach when no deadline of the task is known. */
export const PATIENCE_MS = 300_000;
/** For processes of a run whose notifier died: nobody waits for their result. */
const LEFTOVER_GRACE_SECONDS = 5;

export interface RecoverWorld extends ReportWorld {
  readonly processes: Processes;
  readonly bootId: string;
}

/** Every marker on this host. The worst exit code of all. */
export async function recover(world: RecoverWorld): Promise<ExitCode> {
  const callbackIds = await world.markers.callbackIds();
  const codes = await Promise.all(
    callbackIds.map(async (callbackId) => {
      try {
        const marker = await world.markers.read(callbackId);
        return marker === undefined ? EXIT.ok : await recoverMarker(marker, world, EXIT.ok);
      } catch (error) {
        if (!(error instanceof ExitError)) throw error;
        world.log(error.message);
        return error.code;
      }
    }),
  );
  const code = codes.reduce((worst, each) => (each > worst ? each : worst), EXIT.ok);
  return code === EXIT.jobFailed ? EXIT.ok : code;
}

/** `codeIfRefused`: a live or closed marker is a reason for `run` to refuse, and none for `recover` to worry. */
export async function recoverMarker(marker: Marker, world: RecoverWorld, codeIfRefused: ExitCode): Promise<ExitCode> {
  const ownerLives = (await world.processes.startOf(marker.pid)) === marker.processStart;
  const decision = decideMarker(marker, world.bootId, ownerLives);
  if (decision.do === 'refuse') {
    if (codeIfRefused !== EXIT.ok) world.log(`refused: ${decision.reason}`);
    return codeIfRefused;
  }
  const { report } = decision;
  const { callbackId, runId, bootId, pid, processStart } = marker;
  const run = { callbackId, runId, bootId, pid, processStart };
  await stopRun({ runId }, LEFTOVER_GRACE_SECONDS, world);
  await world.markers.save({ ...run, phase: 'reporting', report });
  return deliver(run, report, world.clock.monotonicMs() + PATIENCE_MS, world);
}
