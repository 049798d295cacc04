/** Tasks that wait for a callback: the token goes to Baton or stays with the definition, the work to a worker or to the test. */
import { type LocalAws, TaskFailure } from '@baton/local-aws';
import { BatonError, failure, type Outcome, type Work } from '@baton/token-lib';
import * as z from 'zod/mini';
import type { DispatchPayload } from './platform.ts';
import type { Effect, Execution, ServiceParts } from './service-calls.ts';
import type { Wait } from './waits.ts';
import { findWorker, runWorker, type TestWorker, type WorkReporter } from './workers.ts';

/** `resize` of its ARN, its name, or either with an alias. */
export const functionNames = (name: string): string[] => [name.replace(/^.*:function:/, '').split(':')[0] ?? name];

/** Hands a token to Baton, and the work to its worker. */
export async function dispatched(
  parts: ServiceParts,
  effect: Effect,
  execution: Execution,
  payload: DispatchPayload,
): Promise<string> {
  const { state, token = '' } = effect;
  try {
    const platform = parts.platform();
    const { answer, work } = await platform.dispatch(payload);
    const { callbackId } = answer;
    const wait: Wait = {
      executionArn: execution.executionArn,
      state,
      token,
      asked: { by: 'baton', callbackId, work },
      reporter: () => platform.reporterOf(callbackId),
    };
    parts.waits.push(wait);
    const worker = findWorker(parts.workers, [...workNames(work), state]);
    if (worker)
      await attend(parts, wait, worker, inputOf(work), 'heartbeatSeconds' in work ? work.heartbeatSeconds : undefined);
    const Payload = { callbackId, state: answer.state };
    return JSON.stringify({ ExecutedVersion: '$LATEST', Payload, StatusCode: 200 });
  } catch (error) {
    if (!(error instanceof BatonError)) throw error;
    throw new TaskFailure(error.name, JSON.stringify({ errorType: error.name, errorMessage: error.message }));
  }
}

/** What a piece of work calls whoever does it. */
function workNames(work: Work): (string | undefined)[] {
  switch (work.kind) {
    case 'queue':
      return [work.queueUrl.split('/').at(-1)];
    case 'lambda':
      return functionNames(work.functionName);
    case 'ssm':
      return [work.command?.[0], work.command?.[0]?.replace(/^.*\/|\.\w+$/g, '')];
    case 'approval':
    case 'webhook':
      return [];
  }
}

function inputOf(work: Work): unknown {
  if (work.kind === 'queue') return work.message;
  return work.kind === 'lambda' || work.kind === 'webhook' ? work.payload : work;
}

/** A wait whose definition hands its token on by itself. */
export async function openWait(
  parts: ServiceParts,
  effect: Effect,
  execution: Execution,
  parameters: unknown,
): Promise<void> {
  const { state, token = '' } = effect;
  const sent = withoutToken(parameters, token);
  const reporter = tokenReporter(parts.aws(), token);
  const wait: Wait = {
    executionArn: execution.executionArn,
    state,
    token,
    asked: { by: 'token', sent },
    reporter: async () => reporter,
  };
  parts.waits.push(wait);
  const target = z.safeParse(
    z.looseObject({ FunctionName: z.optional(z.string()), QueueUrl: z.optional(z.string()) }),
    sent,
  ).data;
  const worker = findWorker(parts.workers, [
    ...functionNames(target?.FunctionName ?? ''),
    target?.QueueUrl?.split('/').at(-1),
    state,
  ]);
  if (worker) await attend(parts, wait, worker, bodyOf(sent), undefined);
}

/** What a worker is given: the message or payload, or its member `work`. */
function bodyOf(sent: unknown): unknown {
  const parts = z.safeParse(
    z.looseObject({ MessageBody: z.optional(z.unknown()), Payload: z.optional(z.unknown()) }),
    sent,
  ).data;
  const body = parts?.MessageBody ?? parts?.Payload ?? sent;
  return z.safeParse(z.looseObject({ work: z.unknown() }), body).data?.work ?? body;
}

function withoutToken(value: unknown, token: string): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== token).map((item) => withoutToken(item, token));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, member]) => member !== token);
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutToken(member, token)]));
}

function tokenReporter(aws: LocalAws, taskToken: string): WorkReporter {
  return {
    async heartbeat() {
      return aws.call('states:SendTaskHeartbeat', { taskToken }).then(
        () => 'continue',
        () => 'stop',
      );
    },
    async report(outcome: Outcome) {
      const sent =
        outcome.type === 'success'
          ? aws.call('states:SendTaskSuccess', { taskToken, output: outcome.output })
          : aws.call('states:SendTaskFailure', { taskToken, error: outcome.error, cause: outcome.cause });
      await sent;
    },
  };
}

const CLAIM_AGAIN = 5_000;
const MOST_CLAIMS = 100;

/** Has a worker do the work, once the task has been submitted. */
async function attend(
  parts: ServiceParts,
  wait: Wait,
  worker: TestWorker,
  input: unknown,
  heartbeatSeconds: number | undefined,
  asked = 0,
): Promise<void> {
  const { clock, activity } = parts.aws();
  const reporter = await wait.reporter();
  if (reporter === undefined) {
    // The run of an earlier attempt may not be over yet: a host asks again.
    const again = (): void => void activity.track(attend(parts, wait, worker, input, heartbeatSeconds, asked + 1));
    if (asked < MOST_CLAIMS) clock.at(clock.now() + CLAIM_AGAIN, again);
    return;
  }
  const running = runWorker(worker, input, reporter, { clock, activity, heartbeatSeconds });
  wait.running = running;
  const host =
    wait.asked.by === 'baton' && wait.asked.work.kind === 'ssm'
      ? parts.hosts.of(wait.asked.work.instanceId)
      : undefined;
  host?.jobs.add(running);
  const over = (): void => {
    delete wait.running;
    host?.jobs.delete(running);
  };
  running.done.then(over, (error: unknown) => {
    over();
    parts.problem(`the worker of "${wait.state}" could not report: ${failure('', String(error)).cause}`);
  });
}
