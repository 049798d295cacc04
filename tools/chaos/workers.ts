/**
 * Workers of a queue and of functions, by the rules of libs/token-lib/src/worker: they ask first whether anybody waits, beat while they
 * work, and report over HTTP or by the completions queue. What was not reported comes again, and in the end to the dead letters.
 */
import {
  type CallbackId,
  failure,
  heartbeatIntervalSeconds,
  type Millis,
  type Outcome,
  seconds,
  type WorkSecret,
} from '@baton/token-lib';
import type { NotifierWorld } from './host-client.ts';
import { persist } from './host-client.ts';
import { type Client, type Reply, request } from './http.ts';
import type { Invoked } from './functions.ts';
import { intrudeUponWork } from './intruder.ts';
import { startProcess, type Process } from './process.ts';
import { type Queue, simulateQueue } from './queue.ts';
import { callService, refusing } from './call.ts';

/** What a message or a payload says. */
export interface Given {
  readonly callbackId: CallbackId;
  readonly secret: WorkSecret | undefined;
  readonly heartbeatSeconds?: number | undefined;
}

/** A report on the completions queue. */
export interface QueuedReport extends Given {
  readonly outcome: Outcome | 'heartbeat';
}

export interface WorkerWorld extends NotifierWorld {
  /** Sends to the completions queue. */
  readonly queueReport: (report: QueuedReport) => void;
}

export interface Workers {
  readonly queue: Queue<Given>;
  /** An asynchronous invocation. */
  invoke(given: Given): void;
}

const JOBS = { visibility: seconds(360), maxReceives: 5 };
const HTTP_TIMEOUT = seconds(4);
/** What a worker's function may take. */
const FUNCTION_TIMEOUT = seconds(300);
/** Lambda's pauses before it invokes a failed function again. [documented: asynchronous invocation] */
const AGAIN = [seconds(60), seconds(120)];
/** A beat where the state has no heartbeat. */
const INTERVAL_SECONDS = 30;
/** Of the workers, those that report by the queue. */
const BY_QUEUE = 0.3;

export function simulateWorkers(world: WorkerWorld): Workers {
  const { time, chance, completer, oracle } = world;

  /** Resolves with whether the work is done. */
  const work = (given: Given): Promise<boolean> =>
    new Promise((resolve) => {
      const piece = world.attemptOf(given.callbackId).piece.name;
      const process = startProcess(time, () => {
        oracle.touch(piece);
        resolve(false);
      });
      const limit = time.after(FUNCTION_TIMEOUT, () => process.kill());
      const reporter = chance.happens(BY_QUEUE) ? byQueue(world, given, process) : byHttp(world, given, process);
      runWork(world, given, reporter, process).then(
        (done) => {
          limit.cancel();
          process.end();
          resolve(done);
        },
        () => resolve(false),
      );
    });

  const dead = simulateQueue<Given>(world, {
    name: 'a dead letter',
    visibility: seconds(180),
    maxReceives: Infinity,
    receive: async (given) => (await completer.deadLetter(given)).end === 'returned',
    giveUp: () => undefined,
  });
  const invokeAgain = async (given: Given, tries: number): Promise<void> => {
    if (await work(given)) return;
    const pause = AGAIN[tries];
    if (pause !== undefined) time.after(pause, () => void invokeAgain(given, tries + 1));
    else dead.send(given);
  };
  return {
    queue: simulateQueue<Given>(world, { ...JOBS, name: 'work', receive: work, giveUp: (given) => dead.send(given) }),
    invoke: (given) => void invokeAgain(given, 0),
  };
}

interface Reporter {
  heartbeat(): Promise<'continue' | 'stop'>;
  /** Returns whether the outcome is durable, or nobody waits for it. */
  report(outcome: Outcome): Promise<boolean>;
}

async function runWork(world: WorkerWorld, given: Given, reporter: Reporter, process: Process): Promise<boolean> {
  const attempt = world.attemptOf(given.callbackId);
  const { takes, outcome } = attempt.piece;
  const interval = seconds(heartbeatIntervalSeconds(given.heartbeatSeconds ?? 3 * INTERVAL_SECONDS));
  const until = world.time.now() + takes;
  if (given.secret !== undefined) intrudeUponWork(world, given.callbackId, takes);
  for (;;) {
    const asked = reporter.heartbeat();
    if ((await asked) === 'stop') {
      world.oracle.stopped(attempt);
      return true;
    }
    const left = until - world.time.now();
    if (left <= 0) break;
    await process.pause(Math.min(interval, left));
    if (world.time.now() >= until) break;
  }
  return reporter.report(outcome);
}

function byHttp(world: WorkerWorld, given: Given, process: Process): Reporter {
  const client: Client = { process, isCutOff: () => false };
  const attempt = world.attemptOf(given.callbackId);
  const piece = attempt.piece.name;
  const ask = <T>(what: string, arrive: () => Promise<Invoked<T>>): Promise<Reply<T>> =>
    request(world, client, { what, piece, timeout: HTTP_TIMEOUT, arrive });
  return {
    async heartbeat() {
      const reply = await ask('heartbeat', () => world.completer.heartbeat(given.callbackId, {}, given.secret));
      return reply.kind === 'answered' ? reply.answer.answer : 'continue';
    },
    async report(outcome) {
      const { callbackId, secret } = given;
      const report = async () => {
        const reply = await ask('report', () => world.completer.report({ callbackId, secret, outcome }));
        if (reply.kind === 'answered') world.oracle.answered(attempt, outcome, reply.answer.answer);
        return reply;
      };
      const patience: Millis = world.time.now() + seconds(2);
      const reply = await persist(world, process, report, patience, ({ answer }) => answer === 'stored');
      return reply.kind === 'answered';
    },
  };
}

/** Nobody answers, so it is never told to stop. */
function byQueue(world: WorkerWorld, given: Given, process: Process): Reporter {
  const piece = world.attemptOf(given.callbackId).piece.name;
  const send = (outcome: QueuedReport['outcome']): Promise<void> =>
    callService(
      world,
      process,
      {
        what: 'queue a report',
        effect: () => world.queueReport({ ...given, outcome }),
        refused: refusing,
        timeout: seconds(5),
      },
      piece,
    );
  return {
    async heartbeat() {
      await send('heartbeat').catch(() => undefined);
      return 'continue';
    },
    async report(outcome) {
      await send(outcome);
      return true;
    },
  };
}

export const deadLettered = failure('Baton.DeadLettered', 'the work was never done');
