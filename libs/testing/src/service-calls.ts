/** What the tasks of a definition call, in the order in which it is looked for: a mock, Baton's dispatcher, a worker, a callback. */
import type { parseResource } from '@baton/asl';
import { AwsError, type LocalAws, type ManualClock, type StandIn, TaskFailure } from '@baton/local-aws';
import * as z from 'zod/mini';
import { DispatchPayload, type Platform } from './platform.ts';
import type { TestHosts } from './hosts.ts';
import { dispatched, functionNames, openWait } from './waiting-calls.ts';
import type { Wait } from './waits.ts';
import { findWorker, type TestWorker } from './workers.ts';

/** A call that a task has made. */
export interface ServiceCall {
  readonly state: string;
  /** E.g. `dynamodb:getItem` or `aws-sdk:ecs:describeTasks`. */
  readonly action: string;
  readonly parameters: unknown;
}

/**
 * Stands in for a service: its response, or a function that returns or resolves with it. What it throws fails the task, by the error's name. The key is
 * the state's name, or the action, e.g. `dynamodb:getItem`.
 */
export type Mock = ((parameters: never, call: ServiceCall) => unknown) | object | string | number | boolean | null;

export interface ServiceParts {
  readonly aws: () => LocalAws<ManualClock>;
  readonly platform: () => Platform;
  readonly hosts: TestHosts;
  readonly workers: Readonly<Record<string, TestWorker>>;
  readonly mocks: Readonly<Record<string, Mock>>;
  readonly calls: ServiceCall[];
  readonly waits: Wait[];
  /** What the test has to mend: it is told by the next thing that the test waits for. */
  readonly problem: (sentence: string) => void;
}

export type Effect = Parameters<StandIn>[0];
export type Execution = Parameters<StandIn>[1];
type Resource = NonNullable<ReturnType<typeof parseResource>>['resource'];

export function createServiceCalls(parts: ServiceParts): StandIn {
  return (effect, execution) => parts.aws().activity.track(answer(parts, effect, execution));
}

async function answer(parts: ServiceParts, effect: Effect, execution: Execution): Promise<string | undefined> {
  const { state, resource } = effect;
  const parameters = JSON.parse(effect.parameters) as unknown;
  const call: ServiceCall = { state, action: actionOf(resource), parameters };
  parts.calls.push(call);
  const key = [state, call.action].find((name) => Object.hasOwn(parts.mocks, name));
  if (key !== undefined) {
    const response = await mocked(parts.mocks[key], call);
    if (effect.token !== undefined) await openWait(parts, effect, execution, parameters);
    return JSON.stringify(response ?? null);
  }
  const payload = payloadOf(resource, parameters);
  const asked = z.safeParse(DispatchPayload, payload);
  if (asked.success && effect.token === asked.data.taskToken) return dispatched(parts, effect, execution, asked.data);
  if (effect.token !== undefined) {
    await openWait(parts, effect, execution, parameters);
    return JSON.stringify(ACCEPTED[call.action] ?? {});
  }
  if (call.action === 'lambda:invoke') return invoked(parts, call, resource, payload);
  if (call.action.startsWith('states:')) return undefined;
  const accepted = ACCEPTED[call.action];
  if (accepted !== undefined) return JSON.stringify(accepted);
  return missing(
    parts,
    `"${state}" calls ${call.action}, for which there is no mock: startBaton({ mocks: { '${call.action}': ... } })`,
  );
}

/** What services answer that only take something. */
const ACCEPTED: Readonly<Record<string, object>> = {
  'sqs:sendMessage': { MessageId: '00000000-0000-4000-8000-000000000000', MD5OfMessageBody: '' },
  'sns:publish': { MessageId: '00000000-0000-4000-8000-000000000000' },
  'events:putEvents': { Entries: [{ EventId: '00000000-0000-4000-8000-000000000000' }], FailedEntryCount: 0 },
  'lambda:invoke': { StatusCode: 200 },
};

const actionOf = (resource: Resource): string => {
  if (resource.kind === 'integration') return `${resource.service}:${resource.action}`;
  return resource.kind === 'lambda' ? 'lambda:invoke' : 'activity';
};

const Invoke = z.looseObject({ FunctionName: z.optional(z.string()), Payload: z.optional(z.unknown()) });

const payloadOf = (resource: Resource, parameters: unknown): unknown =>
  resource.kind === 'lambda' ? parameters : z.safeParse(Invoke, parameters).data?.Payload;

function missing(parts: ServiceParts, sentence: string): never {
  parts.problem(sentence);
  throw new TaskFailure('Baton.Testing', sentence);
}

/** Runs a part of the test; what it throws fails the task by its name. */
async function failing<T>(run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
    throw new TaskFailure(error instanceof AwsError ? error.code : name, message);
  }
}

const mocked = (mock: Mock | undefined, call: ServiceCall): Promise<unknown> =>
  failing(() =>
    typeof mock === 'function'
      ? (mock as (parameters: unknown, call: ServiceCall) => unknown)(call.parameters, call)
      : mock,
  );

/** A function that is called for its result. */
async function invoked(parts: ServiceParts, call: ServiceCall, resource: Resource, payload: unknown): Promise<string> {
  const { state } = call;
  const name =
    resource.kind === 'lambda' ? resource.functionArn : (z.safeParse(Invoke, call.parameters).data?.FunctionName ?? '');
  const worker = findWorker(parts.workers, [...functionNames(name), state]);
  if (worker === undefined) {
    return missing(
      parts,
      `"${state}" calls the function ${name}, for which there is neither a worker nor a mock: startBaton({ workers: { '${functionNames(name)[0]}': ... } })`,
    );
  }
  const context = { signal: new AbortController().signal, heartbeat: async () => undefined, lambda: undefined };
  try {
    const result = ((await worker(payload as never, context)) ?? null) as unknown;
    return JSON.stringify(
      resource.kind === 'lambda' ? result : { ExecutedVersion: '$LATEST', Payload: result, StatusCode: 200 },
    );
  } catch (error) {
    const { name: errorType, message: errorMessage } =
      error instanceof Error ? error : { name: 'Error', message: String(error) };
    throw new TaskFailure(errorType, JSON.stringify({ errorType, errorMessage }));
  }
}
