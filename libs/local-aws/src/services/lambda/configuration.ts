import { optionalText } from '../../members.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { userError, type Configuration } from './function.ts';

const ROLE = /^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]+$/;
/** Names that Lambda sets itself. */
const RESERVED =
  /^(AWS_(LAMBDA_|REGION$|DEFAULT_REGION$|ACCESS_KEY|SECRET_ACCESS_KEY$|SESSION_TOKEN$|EXECUTION_ENV$)|_HANDLER$|LAMBDA_)/;

/**
 * Three seconds are shown where no Timeout is given, as on AWS. They do not end a run here, where a slower machine may need longer
 * than AWS would and nobody has chosen them; the function's log says so instead.
 */
const UNCHOSEN_TIMEOUT_SECONDS = 120;

const DEFAULTS: Omit<Configuration, 'Runtime' | 'Handler' | 'Role'> = {
  Description: '',
  Timeout: 3,
  enforcedTimeout: UNCHOSEN_TIMEOUT_SECONDS,
  MemorySize: 128,
  Environment: {},
  Architectures: ['x86_64'],
};

/**
 * The configuration that results from a create (no `before`) or an update.
 * @throws {AwsError} ValidationException, InvalidParameterValueException
 */
export function parseConfiguration(input: JsonObject, before?: Configuration): Configuration {
  const base = before ?? { ...DEFAULTS, Runtime: '', Handler: '', Role: '' };
  const deadLetter = input['DeadLetterConfig'] as { TargetArn?: string } | undefined;
  const { DeadLetterTargetArn: previous, ...rest } = base;
  const target = deadLetter === undefined ? previous : deadLetter.TargetArn || undefined;
  const timeout = parseWhole('timeout', input['Timeout'] ?? base.Timeout, 1, 900);
  return {
    ...rest,
    Runtime: parseRuntime(input['Runtime'] ?? base.Runtime),
    Handler: parseHandler(input['Handler'] ?? base.Handler),
    Role: parseRole(input['Role'] ?? base.Role),
    Description: optionalText(input, 'Description') ?? base.Description,
    Timeout: timeout,
    enforcedTimeout: input['Timeout'] === undefined ? base.enforcedTimeout : timeout,
    MemorySize: parseWhole('memorySize', input['MemorySize'] ?? base.MemorySize, 128, 10_240),
    Environment: parseEnvironment(input['Environment'], base.Environment),
    Architectures: (input['Architectures'] as string[] | undefined) ?? base.Architectures,
    ...(target === undefined ? {} : { DeadLetterTargetArn: target }),
  };
}

function parseRuntime(runtime: unknown): string {
  if (typeof runtime === 'string' && /^nodejs\d+\.x$/.test(runtime)) return runtime;
  throw userError(
    'InvalidParameterValueException',
    `The runtime ${String(runtime) || '(none)'} does not run here: functions run in this process, so give a Node.js one, e.g. nodejs22.x`,
  );
}

function parseHandler(handler: unknown): string {
  if (typeof handler === 'string' && /^[^\s]+\.[^\s.]+$/.test(handler)) return handler;
  throw invalid('handler', handler, 'Member must name FILE.EXPORT');
}

function parseRole(role: unknown): string {
  if (typeof role === 'string' && ROLE.test(role)) return role;
  const pattern = 'arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+';
  throw invalid('role', role, `Member must satisfy regular expression pattern: ${pattern}`);
}

function parseWhole(name: string, value: unknown, least: number, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw invalid(name, value, 'Member must be a whole number');
  if (value < least) throw invalid(name, value, `Member must have value greater than or equal to ${least}`);
  if (value > most) throw invalid(name, value, `Member must have value less than or equal to ${most}`);
  return value;
}

function parseEnvironment(value: unknown, before: Configuration['Environment']): Configuration['Environment'] {
  if (value === undefined) return before;
  const variables = ((value as JsonObject)['Variables'] ?? {}) as Record<string, string>;
  const reserved = Object.keys(variables).filter((name) => RESERVED.test(name));
  if (reserved.length === 0) return variables;
  throw userError(
    'InvalidParameterValueException',
    'Lambda was unable to configure your environment variables because the environment variables you have provided contains ' +
      `reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
  );
}

const invalid = (name: string, value: unknown, constraint: string): Error =>
  userError(
    'ValidationException',
    `1 validation error detected: Value '${String(value)}' at '${name}' failed to satisfy constraint: ${constraint}`,
  );
