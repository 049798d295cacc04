/** The heartbeats of a run on a host. */
import { backoff, heartbeatIntervalSeconds, type Millis, seconds } from '@baton/token-lib';
import type { Host, Marker } from './host.ts';
import { type NotifierWorld, ofHost } from './host-client.ts';
import type { Job } from './job.ts';

const BEAT_TIMEOUT = seconds(10);

/** What the claim has granted; `askedAt` is when it was asked for. */
export type Granted = {
  readonly askedAt: Millis;
  readonly heartbeat: Millis;
  readonly timeLeft: Millis;
  readonly grace: Millis;
};

/** Resolves with why the job has to be stopped (H1 to H3). */
export async function beat(
  world: NotifierWorld,
  host: Host,
  { callbackId, runId, owner }: Marker,
  job: Job,
  { askedAt, heartbeat }: Granted,
  beats: { deadline: Millis },
): Promise<string | undefined> {
  const { time, chance } = world;
  const interval = seconds(heartbeatIntervalSeconds(heartbeat / 1000));
  let contactAt = askedAt;
  for (let failures = 0; job.runs();) {
    const end = Math.min(contactAt + heartbeat, beats.deadline);
    const wait = failures === 0 ? interval : backoff(failures, chance.fraction(), interval);
    await owner.pause(Math.max(0, Math.min(wait, end - time.now())));
    if (!job.runs()) return undefined;
    const sentAt = time.now();
    if (sentAt >= contactAt + heartbeat) return 'Baton was out of reach';
    if (sentAt >= beats.deadline) return 'the time of the task is over';
    const timeout = Math.min(BEAT_TIMEOUT, end - sentAt);
    const reply = await ofHost(world, host, owner, 'heartbeat', callbackId, timeout, () =>
      world.completer.heartbeat(callbackId, { runId }),
    );
    if (reply.kind !== 'answered') {
      failures += 1;
      continue;
    }
    if (reply.answer.answer === 'stop') {
      if (job.runs() && !host.isGoing()) world.oracle.stopped(world.attemptOf(callbackId));
      return reply.answer.reason;
    }
    failures = 0;
    contactAt = sentAt;
    job.contact(sentAt);
    beats.deadline = time.now() + seconds(reply.answer.timeLeftSeconds);
  }
  return undefined;
}
