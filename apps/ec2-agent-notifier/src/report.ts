import { ReportAnswer } from '@baton/token-lib';
import { persist } from './backoff.ts';
import type { BatonClient } from './baton-client.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { MarkerStore } from './marker-store.ts';
import type { Report, Run } from './marker.ts';
import type { Chance, Clock, Log } from './world.ts';

/** Longer than a Lambda behind an HTTP API may take. */
const REQUEST_TIMEOUT_MS = 35_000;

export interface ReportWorld {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly baton: BatonClient;
  readonly markers: MarkerStore;
}

/** Sends a report that the marker holds, until it is answered or the time (monotonic) is over, and closes the marker. */
export async function deliver(run: Run, report: Report, deadlineMs: number, world: ReportWorld): Promise<ExitCode> {
  const { baton, markers, log, clock } = world;
  const close = (end: string) => markers.save({ ...run, phase: 'closed', end, closedAtEpochMs: clock.epochMs() });
  const body =
    report.kind === 'success'
      ? { runId: run.runId, output: report.output }
      : { runId: run.runId, error: report.error, cause: report.cause };
  const ask = () => baton.post(run.callbackId, report.kind, body, ReportAnswer, { timeoutMs: REQUEST_TIMEOUT_MS });
  const end = await persist(ask, { deadlineMs, forbiddenLimit: Infinity }, world);
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

function describe(report: Report): string {
  return report.kind === 'success' ? 'success' : `failure ${report.error}`;
}
