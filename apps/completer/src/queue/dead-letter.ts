/**
 * A message that a queue has given up: it was received as often as allowed, and never done (L6). Where it is the message of
 * a callback or of a task, that one fails now: it holds the secret that travels with the work, or the task token. Another
 * message may name a callback, but does not fail it; it stays, for somebody to read, and the state's timeout ends the task.
 */
import {
  BatonError,
  CallbackId,
  callbackIdOf,
  type Callback,
  failure,
  FailureName,
  type Failure,
  type Millis,
  settle,
  type SettlePorts,
  TaskToken,
  wasGivenWork,
  workReporter,
  WorkSecret,
} from '@baton/token-lib';

export interface DeadLetter {
  readonly messageId: string;
  /** The name of the dead-letter queue. */
  readonly queue: string;
  /** As JSON; undefined where it is none. */
  readonly body: unknown;
  /** The message attribute `callbackId`. */
  readonly callbackIdAttribute: string | undefined;
  /** SQS counts across all queues: receives of the dead-letter queue are among them. */
  readonly receiveCount: string | undefined;
}

/** @throws where the message must stay */
export async function settleDeadLetter(ports: SettlePorts, letter: DeadLetter, at: Millis): Promise<void> {
  const outcome = deadLettered(letter);
  const callbackId = callbackIdIn(letter);
  const token = callbackId === undefined ? tokenIn(letter) : undefined;
  const row = token === undefined ? await rowOf(ports, letter, callbackId) : await rowOfToken(ports, token);
  if (row !== undefined) {
    await settle(ports, row, { from: { by: 'observer' }, outcome, at });
  } else if (token !== undefined) {
    await failTask(ports, letter, token, outcome);
  } else {
    throw new BatonError(
      'InvalidRequest',
      'the dead letter is the message of no callback of a queue, and holds no task token',
    );
  }
}

const deadLettered = ({ messageId, queue, receiveCount = 'an unknown number of' }: DeadLetter): Failure =>
  failure(
    FailureName.deadLettered,
    `message ${messageId} was never done, and is given up: ${queue} has it (received ${receiveCount} times, from there included)`,
  );

async function rowOf(
  { store }: SettlePorts,
  { body }: DeadLetter,
  callbackId: CallbackId | undefined,
): Promise<Callback | undefined> {
  const row = callbackId === undefined ? undefined : await store.read(callbackId);
  return row !== undefined && wasGivenWork(row, WorkSecret.of(members(body)['workSecret'])) ? row : undefined;
}

/** Who holds the token could end the task without Baton. */
async function rowOfToken({ store }: SettlePorts, token: TaskToken): Promise<Callback | undefined> {
  const row = await store.read(callbackIdOf(token));
  return row !== undefined && workReporter(row.terms) === 'worker' ? row : undefined;
}

/** In the body, as the dispatcher writes it, or in the attribute of the same name, which is enough where no secret travels. */
function callbackIdIn({ body, callbackIdAttribute }: DeadLetter): CallbackId | undefined {
  const candidates = [members(body)['callbackId'], callbackIdAttribute];
  return candidates.map((candidate) => CallbackId.safeParse(candidate)).find((parsed) => parsed.success)?.data;
}

/** Direct mode: the author's message carries the token, mostly as `TaskToken` or `taskToken`. */
function tokenIn({ body }: DeadLetter): TaskToken | undefined {
  const [, text] = Object.entries(members(body)).find(([name]) => /^(task_?)?token$/i.test(name)) ?? [];
  try {
    return TaskToken.parse(text);
  } catch {
    return undefined;
  }
}

const members = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

/** A task that nobody waits for any more, or a malformed token, is not worth another try. */
async function failTask(
  { tasks, log }: SettlePorts,
  { messageId }: DeadLetter,
  token: TaskToken,
  outcome: Failure,
): Promise<void> {
  const said = await tasks.completeTask(token, outcome);
  log(said.answer === 'denied' ? 'alarm' : 'info', 'dead letter told by its token', { messageId, answer: said.answer });
  if (said.answer === 'denied' || said.answer === 'transient') {
    throw new BatonError(
      'Unavailable',
      `Step Functions did not take the failure (${said.error}); the message comes again`,
    );
  }
}
