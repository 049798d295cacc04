/** Public failures of bare callbacks. Each link was read; each play runs the engine, and Baton's own operations, on a clock that it moves. */
import { type Baton, startBaton } from '@baton/testing';
import {
  bareState,
  batonState,
  endOf,
  HOST,
  type Incident,
  type Played,
  secondsBetween,
  waitForEnd,
} from './incident.ts';
import { longJob, type LongJob } from './long-job.ts';
import { scannerReadsPage, scannerReadsLink } from './scanner.ts';

const HOUR_SECONDS = 3_600;

interface Scene {
  readonly baton: Baton;
  readonly job: LongJob;
}

/** Sets a scene with a worker whose job lasts; what it returns is measured. */
async function play(workflow: object, act: (scene: Scene) => Promise<Played>): Promise<Played> {
  const scene: { baton?: Baton } = {};
  const job = longJob(() => scene.baton?.now() ?? new Date(0));
  const baton = await startBaton({ workflow, workers: { job: job.worker } });
  scene.baton = baton;
  try {
    return await act({ baton, job });
  } finally {
    job.finish();
    await baton.close();
  }
}

/** The worker is gone after ten minutes, without a word. */
const loseWorker = ({ baton }: Scene): Promise<Played> =>
  started(baton, async (run) => {
    await baton.advance('10 minutes');
    const lost = baton.now();
    await baton.host(HOST).kill();
    await waitForEnd(baton, run);
    return endOf(baton, run, lost);
  });

/** The host is gone before the work reaches it. */
const neverStart = async ({ baton }: Scene): Promise<Played> => {
  await baton.host(HOST).kill();
  return started(baton, async (run, at) => {
    await baton.advance('1 day');
    return endOf(baton, run, at);
  });
};

/** Somebody stops the execution while its worker runs, whose job would take eight hours. */
const stop = ({ baton, job }: Scene): Promise<Played> =>
  started(baton, async (run) => {
    await baton.advance('10 minutes');
    const stopped = baton.now();
    await run.stop();
    await baton.advance('8 hours');
    const [told] = job.stoppedAt;
    if (told) return { end: 'the job is stopped', seconds: secondsBetween(stopped, told) };
    return {
      end: job.running > 0 ? 'the job runs to its end' : 'there is no job',
      seconds: secondsBetween(stopped, baton.now()),
    };
  });

/** Step Functions throttles the next ten SendTaskSuccess; a worker's SDK gives up after three. */
const throttle = ({ baton, job }: Scene): Promise<Played> =>
  started(baton, async (run) => {
    await baton.advance('10 minutes');
    const done = baton.now();
    baton.faults.throttle('SendTaskSuccess', { times: 10 });
    job.finish();
    await baton.advance('1 day');
    return endOf(baton, run, done);
  });

/** The job takes longer than the state's timeout, which is retried. */
const overlap = ({ baton, job }: Scene): Promise<Played> =>
  started(baton, async (_run, at) => {
    await baton.advance('90 minutes');
    const end = job.mostAtOnce === 1 ? '1 run at a time' : `${job.mostAtOnce} runs at once`;
    return { end, seconds: secondsBetween(at, baton.now()) };
  });

async function started(
  baton: Baton,
  act: (run: Awaited<ReturnType<Baton['start']>>, at: Date) => Promise<Played>,
): Promise<Played> {
  const at = baton.now();
  return act(await baton.start({}), at);
}

const retried = { Retry: [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 1, MaxAttempts: 1 }] };

/** What a worker with the SDK's three attempts does: a token that it could not answer is lost with it. */
const bareThrottled = (): Promise<Played> =>
  play(
    bareState({
      TimeoutSeconds: 12 * HOUR_SECONDS,
      Parameters: { FunctionName: 'nobody', Payload: { 'taskToken.$': '$$.Task.Token' } },
    }),
    ({ baton }) =>
      started(baton, async (run) => {
        await baton.advance('10 minutes');
        const done = baton.now();
        baton.faults.throttle('SendTaskSuccess', { times: 10 });
        for (let attempt = 1; attempt <= 3; attempt += 1)
          await run
            .callback('Job')
            .succeed()
            .catch(() => undefined);
        await baton.advance('1 day');
        return endOf(baton, run, done);
      }),
  );

const NOBODY = { Parameters: { FunctionName: 'nobody', Payload: { 'taskToken.$': '$$.Task.Token' } } };

export const incidents: readonly Incident[] = [
  {
    id: 'lost-worker',
    title: 'The worker is lost',
    thread:
      'https://github.com/aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws/issues/755',
    measures: 'from the loss to the end of the execution',
    bare: () => play(bareState(NOBODY), loseWorker),
    withBaton: () => play(batonState(12 * HOUR_SECONDS), loseWorker),
  },
  {
    id: 'never-starts',
    title: 'The worker never starts',
    thread: 'https://github.com/wellcomecollection/platform/issues/6458',
    measures: 'from the start to the end of the execution',
    bare: () => play(bareState({ ...NOBODY, TimeoutSeconds: 12 * HOUR_SECONDS }), neverStart),
    withBaton: () => play(batonState(12 * HOUR_SECONDS), neverStart),
  },
  {
    id: 'stop-that-does-not-stop',
    title: 'StopExecution does not stop the job',
    thread: 'https://stackoverflow.com/questions/45596276/what-happens-when-i-stop-an-execution-in-aws-step-functions',
    measures: 'from StopExecution to the end of the job',
    bare: () => play(bareState({ TimeoutSeconds: 12 * HOUR_SECONDS }), stop),
    withBaton: () => play(batonState(12 * HOUR_SECONDS), stop),
  },
  {
    id: 'throttled-completion',
    title: 'The completion is throttled',
    thread: 'https://github.com/HumanCellAtlas/data-store/issues/1062',
    measures: 'from the end of the job to the end of the execution',
    bare: bareThrottled,
    withBaton: () => play(batonState(12 * HOUR_SECONDS), throttle),
  },
  {
    id: 'scanner-clicks',
    title: 'A mail scanner opens the link',
    thread: 'https://github.com/onetimesecret/onetimesecret/issues/359',
    measures: 'from the mail to the decision',
    bare: scannerReadsLink,
    withBaton: scannerReadsPage,
  },
  {
    id: 'retry-that-overlaps',
    title: 'A retry overlaps the run before',
    thread: 'https://github.com/wellcomecollection/catalogue-pipeline/pull/3595',
    measures: 'after 90 minutes of a job with a timeout of an hour',
    bare: () => play(bareState({ TimeoutSeconds: HOUR_SECONDS, ...retried }), overlap),
    withBaton: () => play(batonState(HOUR_SECONDS, retried), overlap),
  },
];
