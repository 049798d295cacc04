import { DataFailure } from '../data/data-failure.ts';
import type { JsonataTemplate } from '../data/jsonata-template.ts';
import { fillTemplate, type PayloadTemplate } from '../data/payload-template.ts';
import { Payload } from '../data/payload.ts';
import type { Dynamic, TaskState } from '../definition/state-machine.ts';
import { errorDetails, outputDetails } from '../history.ts';
import type { Json, Millis, TaskNumber, TimerNumber } from '../protocol.ts';
import type { Signal, Steps, Visit } from './branch.ts';
import { argumentsOf, fill, integerOf, pathScope, resolve, shown } from './data-flow.ts';
import { StateFailure } from './failure.ts';
import { taskEvents } from './task-events.ts';

/** Runs one attempt of a Task, until its worker or a timeout ends it. Returns the output. @throws {StateFailure} */
export function* runTask(visit: Visit, state: TaskState): Steps<Payload> {
  const { engine } = visit.branch;
  const task = engine.openTask(visit.branch);
  const { resource } = state;
  const waits =
    resource.kind === 'activity' || (resource.kind === 'integration' && resource.pattern !== 'requestResponse');
  visit.token = waits ? engine.ports.mintToken(task, { resource, identity: visit.branch.identity }) : undefined;
  let attempt: Attempt | undefined;
  try {
    attempt = yield* schedule(visit, state, task);
    for (;;) {
      const output = attempt.follow(yield);
      if (output) return output;
    }
  } finally {
    attempt?.close();
    engine.closeTask(task);
    visit.token = undefined;
  }
}

/** A function of its own, so that the evaluated fields are not kept in memory while the task runs. */
function* schedule(visit: Visit, state: TaskState, task: TaskNumber): Steps<Attempt> {
  const { resource } = state;
  if (resource.kind === 'activity' && visit.branch.engine.ports.activityExists?.(resource.activityArn) === false) {
    throw new DataFailure('States.Runtime', `The activity ${resource.activityArn} does not exist.`);
  }
  const timeout = yield* seconds(visit, state.timeoutSeconds);
  const heartbeat = yield* seconds(visit, state.heartbeatSeconds);
  const credentials = yield* credentialsOf(visit, state);
  const parameters = yield* argumentsOf(visit);
  const attempt = new Attempt(visit, state, task, timeout, heartbeat);
  attempt.schedule(parameters, credentials);
  visit.token = undefined;
  return attempt;
}

class Attempt {
  readonly #visit: Visit;
  readonly #state: TaskState;
  readonly #task: TaskNumber;
  readonly #timeout: number | undefined;
  readonly #heartbeat: number | undefined;
  #running = false;
  #timeoutTimer: TimerNumber | undefined;
  #heartbeatTimer: TimerNumber | undefined;
  /** Whether the worker has not ended the task yet: `close` then abandons it. */
  #open = true;

  constructor(
    visit: Visit,
    state: TaskState,
    task: TaskNumber,
    timeout: number | undefined,
    heartbeat: number | undefined,
  ) {
    this.#visit = visit;
    this.#state = state;
    this.#task = task;
    this.#timeout = timeout;
    this.#heartbeat = heartbeat;
  }

  schedule(parameters: Payload, credentials: Json | undefined): void {
    const { engine } = this.#visit.branch;
    const { resource } = this.#state;
    const events = taskEvents(this.#state);
    const limits = {
      ...(this.#timeout !== undefined && { timeoutInSeconds: this.#timeout }),
      ...(this.#heartbeat !== undefined && { heartbeatInSeconds: this.#heartbeat }),
    };
    const region = this.#visit.branch.identity.region;
    this.#record('Scheduled', { ...events.scheduled(parameters.text, region, credentials), ...limits });
    engine.effect({
      type: 'callTask',
      task: this.#task,
      state: this.#state.name,
      resource,
      parameters: parameters.text,
      ...(resource.kind === 'integration' && { region }),
      ...(credentials !== undefined && { credentials }),
      ...(this.#visit.token !== undefined && { token: this.#visit.token }),
    });
    // A call starts at once; an activity starts when a worker takes it.
    if (resource.kind !== 'activity') this.#started(undefined);
  }

  /** Returns the output once the task has succeeded. @throws {StateFailure} when it has failed or timed out */
  follow(signal: Signal): Payload | undefined {
    switch (signal.type) {
      case 'taskStarted':
        if (!this.#running) this.#started(signal.workerName);
        return undefined;
      case 'taskSubmitted':
        this.#record('Submitted', outputDetails(signal.output));
        return undefined;
      case 'taskHeartbeat':
        this.#restartHeartbeat();
        return undefined;
      case 'taskSucceeded':
        return this.#succeeded(signal.output);
      case 'taskFailed':
        this.#open = false;
        this.#record('Failed', errorDetails(signal.error, signal.cause));
        throw new StateFailure(signal.error, signal.cause);
      case 'timerFired':
        this.#record('TimedOut', { error: 'States.Timeout' });
        throw new StateFailure(
          'States.Timeout',
          undefined,
          signal.timer === this.#heartbeatTimer ? 'States.HeartbeatTimeout' : undefined,
        );
      default:
        return undefined;
    }
  }

  /** Cancels the timers. Abandons the task, when its worker has not ended it. */
  close(): void {
    const { engine } = this.#visit.branch;
    engine.cancelTimer(this.#timeoutTimer);
    engine.cancelTimer(this.#heartbeatTimer);
    if (this.#open) engine.effect({ type: 'abandonTask', task: this.#task });
  }

  #succeeded(output: string): Payload {
    this.#open = false;
    const payload = Payload.ofText(output).compact();
    if (payload.isTooLarge()) {
      const cause = `The state/task '${taskName(this.#state)}' returned a result with a size exceeding the maximum number of bytes service limit.`;
      this.#record('Failed', { error: 'States.DataLimitExceeded', cause });
      throw new StateFailure('States.DataLimitExceeded', cause);
    }
    this.#record('Succeeded', outputDetails(output));
    return payload;
  }

  #started(workerName: string | undefined): void {
    this.#running = true;
    this.#record('Started', workerName === undefined ? {} : { workerName });
    this.#timeoutTimer = this.#startTimer(this.#timeout);
    this.#heartbeatTimer = this.#startTimer(this.#heartbeat);
  }

  #restartHeartbeat(): void {
    if (this.#heartbeatTimer === undefined) return;
    this.#visit.branch.engine.cancelTimer(this.#heartbeatTimer);
    this.#heartbeatTimer = this.#startTimer(this.#heartbeat);
  }

  #startTimer(duration: number | undefined): TimerNumber | undefined {
    const { branch } = this.#visit;
    const { engine } = branch;
    const at: Millis = engine.now + 1000 * (duration ?? 0);
    return duration === undefined ? undefined : engine.startTimer(branch, at);
  }

  #record(phase: string, details: Readonly<Record<string, unknown>>): void {
    const { branch } = this.#visit;
    const events = taskEvents(this.#state);
    const name = events.details(phase);
    const type = `${events.prefix}${phase}`;
    branch.engine.record(branch, type, name, name && { ...events.common, ...details });
  }
}

/** The name of a task in a cause: its service, or the ARN of its function or activity. */
const taskName = ({ resource, resourceText }: TaskState): string =>
  resource.kind === 'integration' ? resource.service : resourceText;

function* credentialsOf(visit: Visit, { credentials }: TaskState): Steps<Json | undefined> {
  if (!credentials) return undefined;
  if (visit.state.data.language === 'JSONata')
    return yield* fill(visit, credentials as JsonataTemplate, 'Credentials', undefined);
  return fillTemplate(credentials as PayloadTemplate, pathScope(visit, visit.input.value));
}

function* seconds(visit: Visit, field: Dynamic<number> | undefined): Steps<number | undefined> {
  if (!field) return undefined;
  const value = yield* resolve(visit, field);
  const number = integerOf(field, value);
  if (number !== undefined && number > 0) return number;
  const problem = `must be a positive integer but was: ${shown(value)}`;
  if (field.kind === 'jsonata') {
    throw new DataFailure('States.QueryEvaluationError', `The ${field.field} field ${problem}`, field.field);
  }
  const named = field.kind === 'path' ? `${field.field} parameter ${field.text}` : 'parameter';
  throw new DataFailure('States.Runtime', `The ${named} ${problem}`);
}
