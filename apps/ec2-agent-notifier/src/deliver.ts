import { ReportAnswer } from '@baton/token-lib';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { MarkerStore } from './marker-store.ts';
import type { HostRun, JobReport } from './marker.ts';
import { persist } from './persist.ts';
import type { AskingWorld } from './world.ts';

/** Longer than a Lambda behind an HTTP API may take. */
const REQUEST_TIMEOUT_MS = 35_000;

/**
 * How long a report waits for its answer: nobody beats any more, so a request that is lost must be sent again while the task lives. One
 * that is only slow is told apart by Baton, which answers `stored` and keeps the task alive.
 */
export const reportTimeoutMs = (heartbeatMs: number): number => Math.min(REQUEST_TIMEOUT_MS, heartbeatMs / 3);

export interface Delivery {
  /** Until when it is tried, monotonic. */
  readonly deadlineMs: number;
  /** Of one request. */
  readonly timeoutMs: number;
}

export interface ReportWorld extends AskingWorld {
  readonly markers: MarkerStore;
}

/** Sends a report that the marker holds, until it is answered or the time is over, and closes the marker. */
export async function deliver(
  run: HostRun,
  report: JobReport,
  { deadlineMs, timeoutMs }: Delivery,
  world: ReportWorld,
): Promise<ExitCode> {
  const { baton, markers, log, clock } = world;
  const close = (end: string) => markers.save({ ...run, phase: 'closed', end, closedAtEpochMs: clock.epochMs() });
  const body =
    report.kind === 'success'
      ? { runId: run.runId, output: report.output }
      : { runId: run.runId, error: report.error, cause: report.cause };
  const ask = () => baton.post(run.callbackId, report.kind, body, ReportAnswer, { timeout: timeoutMs });
  // Stored is not told (L1): each further report keeps the task alive until Step Functions has taken the outcome.
  const isProvisional = ({ answer }: ReportAnswer): boolean => answer === 'stored';
  const end = await persist(ask, { deadlineMs, maxForbidden: Infinity, isProvisional }, world);
  switch (end.kind) {
    case 'gave-up':
      log(`the ${report.kind} could not be reported: ${end.message}. It is kept; "recover" sends it`);
      return EXIT.unavailable;
    case 'refused':
      log(`the ${report.kind} was refused: ${end.message}`);
      await close(`refused: ${end.message}`);
      return EXIT.noPermission;
    case 'answered': {
      const { answer, message } = end.answer;
      log(`reported ${describe(report)}: ${answer}${message === undefined ? '' : `, ${message}`}`);
      await close(`${report.kind} ${answer}`);
      const won = answer === 'applied' || answer === 'stored' || answer === 'duplicate';
      return report.kind === 'success' && won ? EXIT.ok : EXIT.jobFailed;
    }
  }
}

function describe(report: JobReport): string {
  return report.kind === 'success' ? 'success' : `failure ${report.error}`;
}
