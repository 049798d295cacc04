import { roleCaller } from '../../kernel/caller.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import type { Millis } from '../../kernel/clock/clock.ts';
import type { World } from '../../kernel/service.ts';
import { deliver } from './destination.ts';
import type { EventInvokeConfig, LambdaFunction, Version } from './function.ts';
import { invoke, type Invocation } from './invocation.ts';

/** Before the second and the third attempt. [documented: Lambda Developer Guide, "Asynchronous invocation"] */
const RETRY_MILLIS: readonly Millis[] = [60_000, 120_000];
const MAX_AGE_SECONDS = 6 * 3600;

type Condition = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded';

interface Queued {
  readonly fn: LambdaFunction;
  readonly version: Version;
  readonly config: EventInvokeConfig;
  readonly event: string;
  readonly requestId: string;
  readonly queuedAt: Millis;
  attempts: number;
  throttles: number;
}

/** An Event invocation: run now, retried by the clock, then sent on to its destination. @returns its request id, at once */
export function invokeLater(
  world: World,
  fn: LambdaFunction,
  version: Version,
  qualifier: string,
  event: string,
): string {
  const config = fn.eventInvokeConfigs.get(qualifier) ?? { lastModified: 0 };
  const requestId = world.uuid();
  const queued = { fn, version, config, event, requestId, queuedAt: world.clock.now(), attempts: 0, throttles: 0 };
  void world.activity.track(attempt(world, queued));
  return requestId;
}

async function attempt(world: World, queued: Queued): Promise<void> {
  const { fn, version, config, event, requestId } = queued;
  const age = (world.clock.now() - queued.queuedAt) / 1000;
  if (queued.attempts + queued.throttles > 0 && age > (config.maximumEventAgeSeconds ?? MAX_AGE_SECONDS)) {
    return conclude(world, queued, 'EventAgeExceeded', undefined);
  }
  let invocation: Invocation;
  try {
    invocation = await invoke(world, fn, version, event, requestId);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // Throttled: retried after a second, then two, four, up to five minutes, for as long as the event may age.
    return again(world, queued, Math.min(1000 * 2 ** queued.throttles++, 300_000));
  }
  queued.attempts += 1;
  if (invocation.functionError === undefined) return conclude(world, queued, 'Success', invocation);
  const wait = RETRY_MILLIS[queued.attempts - 1];
  if (wait !== undefined && queued.attempts <= (config.maximumRetryAttempts ?? 2)) return again(world, queued, wait);
  return conclude(world, queued, 'RetriesExhausted', invocation);
}

function again(world: World, queued: Queued, wait: Millis): void {
  world.clock.at(world.clock.now() + wait, () => void world.activity.track(attempt(world, queued)));
}

async function conclude(world: World, queued: Queued, condition: Condition, invocation?: Invocation): Promise<void> {
  const { fn, config, event } = queued;
  const destination = condition === 'Success' ? config.onSuccess : config.onFailure;
  const outcome = condition === 'Success' ? 'Success' : 'Failure';
  const caller = roleCaller(world, queued.version.configuration.Role, fn.name);
  const deadLetters = condition === 'Success' ? undefined : queued.version.configuration.DeadLetterTargetArn;
  try {
    if (destination !== undefined)
      await deliver(world, caller, fn.arn, destination, record(world, queued, condition, invocation), outcome);
    if (deadLetters !== undefined) await deliver(world, caller, fn.arn, deadLetters, event, outcome);
  } catch (error) {
    // On AWS only a metric counts this; here at least somebody may see it.
    process.emitWarning(
      `${fn.name} could not reach its destination: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function record(world: World, queued: Queued, condition: Condition, invocation: Invocation | undefined): string {
  const functionError = invocation?.functionError;
  return JSON.stringify({
    version: '1.0',
    timestamp: new Date(world.clock.now()).toISOString(),
    requestContext: {
      requestId: queued.requestId,
      functionArn: `${queued.fn.arn}:${queued.version.version}`,
      condition,
      approximateInvokeCount: queued.attempts,
    },
    requestPayload: JSON.parse(queued.event) as unknown,
    ...(invocation === undefined
      ? {}
      : {
          responseContext: {
            statusCode: 200,
            executedVersion: invocation.version,
            ...(functionError === undefined ? {} : { functionError }),
          },
          responsePayload: JSON.parse(invocation.payload) as unknown,
        }),
  });
}
