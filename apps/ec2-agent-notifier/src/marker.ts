/**
 * What a host remembers of one callback. A marker is written before the claim and outlives the process and the boot:
 * N1 A callback that has a marker is never run again on this host.
 * N2 A report is in the marker before it is sent, so a crash cannot lose it and a later process can deliver it.
 */
import { RunId } from '@baton/token-lib';
import * as z from 'zod/mini';

/** How a job ended, in the form that stands on the disks of hosts. */
export const JobReport = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('success'), output: z.unknown() }),
  z.object({ kind: z.literal('failure'), error: z.string(), cause: z.string() }),
]);
export type JobReport = z.infer<typeof JobReport>;

export const failed = (error: string, cause: string): JobReport => ({ kind: 'failure', error, cause });

const run = {
  callbackId: z.string(),
  runId: RunId,
  bootId: z.string(),
  /** The process that owns this marker, and when it started (clock ticks since boot), because pids are reused. */
  pid: z.number(),
  processStart: z.string(),
};

export const Marker = z.discriminatedUnion('phase', [
  z.object({ ...run, phase: z.literal('claiming') }),
  z.object({ ...run, phase: z.literal('running') }),
  z.object({ ...run, phase: z.literal('reporting'), report: JobReport }),
  /** Nothing is left to do. `end` is Baton's answer, for the operator. */
  z.object({ ...run, phase: z.literal('closed'), end: z.string(), closedAtEpochMs: z.number() }),
]);
export type Marker = z.infer<typeof Marker>;
/** One run of a job, as this host knows it. */
export type HostRun = Omit<Extract<Marker, { phase: 'claiming' }>, 'phase'>;

export type MarkerDecision =
  { readonly kind: 'refuse'; readonly reason: string } | { readonly kind: 'deliver'; readonly report: JobReport };

/** Decides what to do about a marker of another process. */
export function decideMarker(marker: Marker, bootId: string, ownerLives: boolean): MarkerDecision {
  if (marker.phase === 'closed') {
    return { kind: 'refuse', reason: `this host has run the callback already: ${marker.end}` };
  }
  if (marker.bootId === bootId && ownerLives) {
    return { kind: 'refuse', reason: `process ${marker.pid} on this host is at the callback` };
  }
  if (marker.phase === 'reporting') return { kind: 'deliver', report: marker.report };
  return { kind: 'deliver', report: lost(marker.bootId === bootId) };
}

function lost(sameBoot: boolean): JobReport {
  return sameBoot
    ? failed(
        'Baton.WorkerLost',
        'The process that ran the job on the host ended without a report: killed, or out of memory.',
      )
    : failed('Baton.HostRestarted', 'The host was restarted while it ran the job.');
}
