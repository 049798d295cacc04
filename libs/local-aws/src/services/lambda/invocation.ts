import type { World } from '../../kernel/service.ts';
import type { Environment } from './environment.ts';
import { runIn, type Run } from './environments.ts';
import { userError, type LambdaFunction, type Version } from './function.ts';
import type { FunctionError } from './runtime.ts';

/** The result of one invocation, as Lambda returns it. */
export interface Invocation {
  readonly requestId: string;
  /** JSON text: the result, or the description of the error. */
  readonly payload: string;
  readonly functionError?: 'Unhandled';
  readonly version: string;
  /** The lines that it logged. */
  readonly log: readonly string[];
}

/** [documented: Lambda Developer Guide, "Lambda quotas"] */
const MAX_RESPONSE_BYTES = 6_291_556;

/** Invokes a function now and once. @throws {AwsError} TooManyRequestsException where the reserved concurrency is used up */
export async function invoke(
  world: World,
  fn: LambdaFunction,
  version: Version,
  event: string,
  requestId: string = world.uuid(),
): Promise<Invocation> {
  if (fn.reservedConcurrency !== undefined && fn.running >= fn.reservedConcurrency) throw tooMany();
  fn.running += 1;
  const end = world.activity.begin();
  try {
    return await runOnce(world, fn, version, event, requestId);
  } finally {
    fn.running -= 1;
    end();
  }
}

async function runOnce(
  world: World,
  fn: LambdaFunction,
  version: Version,
  event: string,
  requestId: string,
): Promise<Invocation> {
  const { Timeout, enforcedTimeout, MemorySize } = version.configuration;
  const timeoutMillis = enforcedTimeout * 1000;
  const environment = await version.environments.take(timeoutMillis);
  environment.lines.length = 0;
  environment.print(`START RequestId: ${requestId} Version: ${version.version}`);
  let started = performance.now();
  const run = await runIn(
    environment,
    (deadline) => {
      started = performance.now();
      const clockOffset = world.clock.now() - Date.now();
      return { requestId, event, deadline, clockOffset, context: contextOf(fn, version, environment) };
    },
    timeoutMillis,
  );
  const answer = conclude(run, requestId, version);
  if (run.type === 'timedOut' || run.type === 'exited') {
    environment.print(`${new Date(world.clock.now()).toISOString()} ${requestId} ${answer.error?.errorMessage ?? ''}`);
  }
  const millis = performance.now() - started;
  if (millis > Timeout * 1000 && Timeout < enforcedTimeout) {
    environment.print(`local AWS: on AWS, with no Timeout given, this would have been ended after ${Timeout} seconds`);
  }
  environment.print(`END RequestId: ${requestId}`);
  environment.print(report(requestId, millis, MemorySize));
  const log = [...environment.lines];
  version.environments.release(
    environment,
    run.type === 'result' || (run.type === 'error' && !isRuntimeError(run.error)),
  );
  return {
    requestId,
    payload: answer.payload,
    version: version.version,
    log,
    ...(answer.error === undefined ? {} : { functionError: 'Unhandled' }),
  };
}

/** What Lambda returns for a run. */
function conclude(run: Run, requestId: string, version: Version): { payload: string; error?: FunctionError } {
  switch (run.type) {
    case 'result': {
      const size = Buffer.byteLength(run.payload);
      if (size <= MAX_RESPONSE_BYTES) return { payload: run.payload };
      const limit = `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`;
      return failed({ errorType: 'Function.ResponseSizeTooLarge', errorMessage: limit });
    }
    case 'error':
      return failed(run.error);
    case 'exited':
      return failed({
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: ${run.reason}`,
      });
    case 'timedOut':
      return failed({
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${requestId} Error: Task timed out after ${version.configuration.enforcedTimeout.toFixed(2)} seconds`,
      });
  }
}

const failed = (error: FunctionError): { payload: string; error: FunctionError } => ({
  payload: JSON.stringify(error),
  error,
});

/** The code did not load, or left a promise rejected: the environment is not used again. */
const isRuntimeError = (error: FunctionError): boolean => error.errorType.startsWith('Runtime.');

const tooMany = (): Error => userError('TooManyRequestsException', 'Rate Exceeded.', 429);

const contextOf = (fn: LambdaFunction, version: Version, environment: Environment): Record<string, unknown> => ({
  functionName: fn.name,
  functionVersion: version.version,
  invokedFunctionArn: version.version === '$LATEST' ? fn.arn : `${fn.arn}:${version.version}`,
  memoryLimitInMB: String(version.configuration.MemorySize),
  logGroupName: `/aws/lambda/${fn.name}`,
  logStreamName: environment.logStream,
});

function report(requestId: string, millis: number, memory: number): string {
  const billed = Math.max(1, Math.ceil(millis));
  return (
    `REPORT RequestId: ${requestId}\tDuration: ${millis.toFixed(2)} ms\tBilled Duration: ${billed} ms\t` +
    `Memory Size: ${memory} MB\tMax Memory Used: ${memory} MB\t`
  );
}
