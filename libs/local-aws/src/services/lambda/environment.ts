import type { Millis } from '../../kernel/clock/clock.ts';
import { roleCaller } from '../../kernel/caller.ts';
import type { World } from '../../kernel/service.ts';
import { arnOf } from '../../kit/arn.ts';
import type { LambdaFunction, Version } from './function.ts';
import { createThread, type Thread } from './thread.ts';

/** Where functions' output goes. */
export interface FunctionLogs {
  has(group: string): boolean;
  /** Makes the group where it is missing. */
  append(group: string, line: { readonly stream: string; readonly timestamp: Millis; readonly message: string }): void;
}

/** What a version of a function needs in order to run. */
export type Runnable = Omit<Version, 'environments'> & { readonly fn: Pick<LambdaFunction, 'name' | 'arn'> };

/** A thread with credentials of its own and a log stream of its own. */
export interface Environment {
  readonly thread: Thread;
  /** Whether its code has been loaded. */
  loaded: boolean;
  /** When its credentials expire, or it is taken away. */
  readonly goodUntil: Millis;
  readonly logStream: string;
  /** The lines of the invocation that runs now. */
  readonly lines: string[];
  print(text: string): void;
}

/** Temporary credentials of a function live this long; an environment is not used beyond. */
const CREDENTIALS_SECONDS = 12 * 3600;

export function createEnvironment(world: World, logs: FunctionLogs, runnable: Runnable): Environment {
  const { fn, version, configuration, code } = runnable;
  const logGroup = `/aws/lambda/${fn.name}`;
  const day = new Date(world.clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
  const logStream = `${day}/[${version}]${world.uuid().replaceAll('-', '')}`;
  const principal = world.credentials.issue({
    roleArn: configuration.Role,
    sessionName: fn.name.padEnd(2, '-'),
    durationSeconds: CREDENTIALS_SECONDS,
  });
  const mayLog = logWriter(world, logs, runnable, `log-group:${logGroup}:log-stream:${logStream}`);
  const lines: string[] = [];
  const print = (text: string): void => {
    const message = text.endsWith('\n') ? text : `${text}\n`;
    lines.push(message);
    if (mayLog()) logs.append(logGroup, { stream: logStream, timestamp: world.clock.now(), message });
  };

  const environment: Record<string, string> = {
    ...configuration.Environment,
    _HANDLER: configuration.Handler,
    AWS_ACCESS_KEY_ID: principal.accessKeyId,
    AWS_SECRET_ACCESS_KEY: principal.secretAccessKey,
    AWS_SESSION_TOKEN: principal.session.token,
    AWS_REGION: world.region,
    AWS_DEFAULT_REGION: world.region,
    AWS_ENDPOINT_URL: configuration.Environment['AWS_ENDPOINT_URL'] ?? world.endpoint(),
    AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.Runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.MemorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    LAMBDA_TASK_ROOT: code.folder,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
  };
  const goneAt = world.clock.now() + (world.unkindness?.environmentLife() ?? Infinity);
  const goodUntil = Math.min(principal.session.expiration, goneAt);
  const thread = createThread({
    name: fn.name,
    data: { taskRoot: code.folder, handler: configuration.Handler },
    environment,
    memoryMegabytes: configuration.MemorySize,
    log: print,
  });
  return { thread, loaded: false, goodUntil, logStream, lines, print };
}

/** Functions write their logs with their role's rights; what they may not write is lost. [documented: Lambda Developer Guide] */
function logWriter(world: World, logs: FunctionLogs, { fn, configuration }: Runnable, stream: string): () => boolean {
  const caller = roleCaller(world, configuration.Role, fn.name);
  const may = (action: string, resource: string): boolean =>
    world.isAllowed({ caller, service: 'logs', action, input: {}, resources: [arnOf(world, 'logs', resource)] });
  const group = `/aws/lambda/${fn.name}`;
  let hasStream = false;
  return () => {
    hasStream ||= (logs.has(group) || may('CreateLogGroup', `log-group:${group}`)) && may('CreateLogStream', stream);
    return hasStream && may('PutLogEvents', stream);
  };
}
