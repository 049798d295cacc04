/**
 * The program on a host, by the rules of apps/ec2-agent-notifier: a marker, a claim, the job with its heartbeats, a report that is
 * sent until it is answered for good.
 */
import { type CallbackId, failure, type Millis, type Outcome, seconds } from '@baton/token-lib';
import { beat, type Granted } from './beats.ts';
import type { Host, Marker } from './host.ts';
import { type NotifierWorld, ofHost, persist } from './host-client.ts';
import { intrudeUpon } from './intruder.ts';
import { startJob } from './job.ts';
import type { Process } from './process.ts';
import type { SentCommand } from './ssm.ts';

const CLAIM_TIMEOUT = seconds(35);
const REPORT_TIMEOUT = seconds(35);
/** For how long Baton may be out of reach where no deadline of the task is known. */
const PATIENCE = seconds(300);
const LEFTOVER_GRACE = seconds(5);
/** A supervisor waits in case the whole host goes down. */
const SHUTDOWN = seconds(1);

const EXIT = { ok: 0, jobFailed: 1, unavailable: 69, refused: 75, noPermission: 77 } as const;

export async function runNotifier(
  world: NotifierWorld,
  host: Host,
  { callbackId, commandId }: SentCommand,
  process: Process,
): Promise<number> {
  const known = host.markers.get(callbackId);
  if (known !== undefined) return resolveMarker(world, host, known, process);
  stopLeftovers(host);
  const marker: Marker = {
    callbackId,
    runId: world.chance.uuid(),
    bootId: host.bootId(),
    owner: process,
    phase: 'claiming',
  };
  host.markers.set(callbackId, marker);
  const granted = await askForClaim(world, host, marker, commandId);
  if (typeof granted === 'number') {
    host.markers.delete(callbackId);
    return granted;
  }
  return runGranted(world, host, marker, commandId, granted);
}

/** At boot: what a restart has left unreported. */
export async function recover(world: NotifierWorld, host: Host, process: Process): Promise<void> {
  await Promise.all(
    [...host.markers.values()].map(async (marker) => {
      if (marker.phase !== 'closed' && !marker.owner.lives()) await finish(world, host, marker, process);
    }),
  );
}

/** What the supervisor of a dead notifier does, once the job is over. */
export async function recoverDead(
  world: NotifierWorld,
  host: Host,
  callbackId: CallbackId,
  process: Process,
): Promise<void> {
  const marker = host.markers.get(callbackId);
  if (marker === undefined || marker.phase === 'claiming') return;
  await marker.job?.ended;
  await process.pause(SHUTDOWN);
  await resolveMarker(world, host, marker, process);
}

async function resolveMarker(world: NotifierWorld, host: Host, marker: Marker, process: Process): Promise<number> {
  if (marker.phase === 'closed' || marker.owner.lives()) return EXIT.refused;
  return finish(world, host, marker, process);
}

async function finish(world: NotifierWorld, host: Host, marker: Marker, process: Process): Promise<number> {
  if (marker.phase === 'running') marker.job?.stop(LEFTOVER_GRACE);
  const lost = marker.bootId === host.bootId() ? 'Baton.WorkerLost' : 'Baton.HostRestarted';
  marker.report ??= failure(lost, 'the process that ran the job has ended');
  marker.phase = 'reporting';
  return deliver(world, host, marker, marker.report, { deadline: world.time.now() + PATIENCE }, process);
}

/** Processes of dead notifiers may be of an earlier attempt of the same work. */
function stopLeftovers(host: Host): void {
  for (const { phase, owner, job } of host.markers.values())
    if (phase === 'running' && !owner.lives()) job?.stop(LEFTOVER_GRACE);
}

async function askForClaim(
  world: NotifierWorld,
  host: Host,
  { callbackId, runId, bootId, owner }: Marker,
  commandId: string,
): Promise<Granted | number> {
  const { time } = world;
  for (;;) {
    let askedAt = time.now();
    const ask = () => {
      askedAt = time.now();
      return ofHost(world, host, owner, 'claim', callbackId, CLAIM_TIMEOUT, () =>
        world.completer.claim(callbackId, { runId, commandId, bootId }),
      );
    };
    const reply = await persist(world, owner, ask, time.now() + PATIENCE);
    if (reply.kind === 'refused') return EXIT.noPermission;
    if (reply.kind === 'temporary') return EXIT.unavailable;
    const { answer } = reply;
    if (answer.answer === 'refused') return EXIT.refused;
    if (answer.answer === 'wait') {
      await owner.pause(seconds(answer.retryAfterSeconds));
      continue;
    }
    const { heartbeatSeconds, timeLeftSeconds, stopGraceSeconds } = answer;
    return {
      askedAt,
      heartbeat: seconds(heartbeatSeconds),
      timeLeft: seconds(timeLeftSeconds),
      grace: seconds(stopGraceSeconds),
    };
  }
}

async function runGranted(
  world: NotifierWorld,
  host: Host,
  marker: Marker,
  commandId: string,
  granted: Granted,
): Promise<number> {
  const { time, chance, oracle } = world;
  const attempt = world.attemptOf(marker.callbackId);
  const { takes, outcome } = attempt.piece;
  marker.phase = 'running';
  const beats = { deadline: time.now() + granted.timeLeft };
  const tellThat = (report: Outcome): Promise<number> => {
    marker.report = report;
    marker.phase = 'reporting';
    const timeout = Math.min(REPORT_TIMEOUT, granted.heartbeat / 3);
    return deliver(world, host, marker, report, { deadline: beats.deadline, timeout }, marker.owner);
  };
  const { askedAt: contactAt, heartbeat: silence, grace } = granted;
  if (time.now() >= contactAt + silence) {
    return tellThat(failure('Baton.Stopped', 'the claim was answered too late'));
  }
  const over = oracle.runOnHost(attempt);
  const job = startJob(time, chance, { takes, silence, grace, contactAt, over });
  marker.job = job;
  intrudeUpon(world, marker, commandId, takes);
  const stop = await Promise.race([job.ended.then(() => undefined), beat(world, host, marker, job, granted, beats)]);
  let report = outcome;
  if (stop !== undefined) {
    job.stop(grace);
    await marker.owner.pause(0);
    await resumed(marker.owner, job.ended);
    report = failure('Baton.Stopped', stop);
  } else if (!(await resumed(marker.owner, job.ended))) {
    report = failure('Baton.Stopped', 'the notifier was frozen');
  }
  return tellThat(report);
}

/** What a process waits for reaches it when it is not frozen, and never when it is dead. */
const resumed = <T>(process: Process, promise: Promise<T>): Promise<T> =>
  new Promise((resolve) => void promise.then((value) => process.resume(() => resolve(value))));

interface Delivery {
  readonly deadline: Millis;
  readonly timeout?: Millis;
}

async function deliver(
  world: NotifierWorld,
  host: Host,
  marker: Marker,
  outcome: Outcome,
  { deadline, timeout = REPORT_TIMEOUT }: Delivery,
  process: Process,
): Promise<number> {
  const { callbackId, runId } = marker;
  const attempt = world.attemptOf(callbackId);
  const ask = async () => {
    const reply = await ofHost(world, host, process, 'report', callbackId, timeout, () =>
      world.completer.report({ callbackId, runId, outcome }),
    );
    if (reply.kind === 'answered') world.oracle.answered(attempt, outcome, reply.answer.answer);
    return reply;
  };
  const reply = await persist(world, process, ask, deadline, ({ answer }) => answer === 'stored');
  if (reply.kind === 'temporary') return EXIT.unavailable;
  marker.phase = 'closed';
  if (reply.kind === 'refused') return EXIT.noPermission;
  const won = ['applied', 'stored', 'duplicate'].includes(reply.answer.answer);
  return outcome.type === 'success' && won ? EXIT.ok : EXIT.jobFailed;
}
