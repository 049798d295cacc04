/** Why work on a queue or in a function waits: the queue, who takes its messages, the function. */
import type { Dispatched } from '../lifecycle/callback.ts';
import { heartbeatIntervalSeconds } from '../wire/limits.ts';
import { seconds } from '../wire/millis.ts';
import { calm, type Diagnosis, type Facts, type FunctionFacts, sayDuration, trouble, watch } from './diagnosis.ts';

export function diagnoseWorker(facts: Facts, row: Dispatched): Diagnosis {
  return (
    silentRun(facts, row) ??
    refusedReport(facts) ??
    stoppedWorker(facts.worker) ??
    ofQueue(facts, row) ??
    working(facts, row)
  );
}

function silentRun({ now }: Facts, { run, terms }: Dispatched): Diagnosis | undefined {
  if (run === undefined || terms.heartbeatSeconds === undefined) return undefined;
  const silent = now - run.lastContactAt;
  if (silent <= 2 * seconds(heartbeatIntervalSeconds(terms.heartbeatSeconds))) return undefined;
  return trouble(
    'worker-silent',
    `worker silent for ${sayDuration(silent)}`,
    'See the worker’s log. The task fails by its heartbeat by itself; stop the callback to end it now.',
  );
}

function refusedReport({ refused }: Facts): Diagnosis | undefined {
  if (refused === undefined) return undefined;
  return trouble(
    'report-refused',
    `a report was refused: ${refused}`,
    'Let the worker report under a role of worker_role_names, with the secret that came with the work. Succeed or fail the callback by hand if its work is done.',
  );
}

function stoppedWorker(worker: FunctionFacts | undefined): Diagnosis | undefined {
  if (worker === undefined) return undefined;
  const { name, exists, state, reservedConcurrency } = worker;
  if (!exists)
    return trouble(
      'function-missing',
      `the function ${name} is not there any more`,
      'Deploy it again; then fail the callback, and a Retry invokes it anew.',
    );
  if (reservedConcurrency === 0) {
    return trouble(
      'function-stopped',
      `the function ${name} may not run: its reserved concurrency is 0`,
      'Raise or remove its reserved concurrency: Lambda tries the invocation again for six hours.',
    );
  }
  if (state !== 'Active' && state !== '')
    return trouble(
      'function-inactive',
      `the function ${name} is ${state}`,
      'Mend the function: Lambda says why in its configuration.',
    );
  return undefined;
}

function ofQueue({ queue, now }: Facts, row: Dispatched): Diagnosis | undefined {
  if (queue === undefined || row.run !== undefined) return undefined;
  const { name, exists, visible, inFlight, delayed, dead, mapping } = queue;
  const since = sayDuration(now - row.createdAt);
  if (!exists)
    return trouble(
      'queue-missing',
      `the queue ${name} is not there any more`,
      'Create it again; then fail the callback, and a Retry sends the message anew.',
    );
  if (visible > 0 && mapping !== undefined && mapping !== 'Enabled') {
    return trouble(
      'consumer-disabled',
      `in the queue ${name} for ${since}: its event source mapping is ${mapping}`,
      'Enable the event source mapping: the function takes the messages at once.',
    );
  }
  if (visible > 0 && inFlight === 0) {
    return trouble(
      'no-consumer',
      `in the queue ${name} for ${since}, one of ${visible}, and nobody takes messages`,
      'Start a worker that takes the messages of this queue.',
    );
  }
  if (visible > 0)
    return watch(
      'queue-backlog',
      `in the queue ${name} behind ${Math.max(1, visible - 1 + inFlight)}`,
      'Run more workers, or wait: the messages are taken in their turn.',
    );
  if (dead > 0 && inFlight === 0) {
    return trouble(
      'dead-letter',
      `the queue ${name} is empty, and its dead-letter queue holds ${dead}`,
      'Map the dead-letter queue to completer-queue, which fails such tasks by name; mend the worker and redrive the messages. Fail or succeed this callback by hand.',
    );
  }
  if (delayed > 0 && inFlight === 0) return calm('delayed', `the message is delayed in the queue ${name}`);
  return inFlight > 0 ? calm('in-work', `a worker has its message for ${since}`) : undefined;
}

function working({ queue, now }: Facts, row: Dispatched): Diagnosis {
  if (row.run !== undefined) return calm('running', `running for ${sayDuration(now - row.run.claimedAt)}`);
  const since = sayDuration(now - row.createdAt);
  if (row.terms.kind === 'lambda') return calm('in-work', `${row.terms.summary} was invoked ${since} ago`);
  // Where the queue could not be read, nothing is known of the message.
  if (queue === undefined) return calm('waiting', `sent to the queue ${row.terms.summary} ${since} ago`);
  return watch(
    'message-taken',
    `its message was taken, and nobody has reported for ${since}`,
    'Somebody took the message and has not said how it ended: see the log of the queue’s workers, or settle it by hand.',
  );
}
