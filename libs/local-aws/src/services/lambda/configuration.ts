import { integer, list, mapOf, oneOf, optional, structure, text, withDefault, type Members } from '../../kit/reader.ts';
import { userError, type Configuration } from './function.ts';

/**
 * Three seconds are shown where no Timeout is given, as on AWS. They do not end a run here, where a slower machine may need longer
 * than AWS would and the user has not set them; the function's log says so instead.
 */
const UNSET_TIMEOUT_SECONDS = 120;

const DEFAULTS: Configuration = {
  Runtime: '',
  Handler: '',
  Role: '',
  Description: '',
  Timeout: 3,
  enforcedTimeout: UNSET_TIMEOUT_SECONDS,
  MemorySize: 128,
  Environment: {},
  Architectures: ['x86_64'],
  TracingConfig: { Mode: 'PassThrough' },
};

export const roleArn = text({
  pattern: /arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+/,
  patternText: 'arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+',
});

/** The members of a create or an update that configure a function. */
export const configurationMembers = {
  Runtime: optional(text()),
  Handler: optional(text({ max: 128, pattern: /\S+\.[^\s.]+/, says: 'Member must name FILE.EXPORT' })),
  Role: optional(roleArn),
  Description: optional(text({ max: 256 })),
  Timeout: optional(integer({ min: 1, max: 900 })),
  MemorySize: optional(integer({ min: 128, max: 10_240 })),
  Environment: optional(structure({ Variables: optional(mapOf(text())) })),
  Architectures: optional(list(oneOf(['x86_64', 'arm64']), { min: 1, max: 1 })),
  TracingConfig: optional(structure({ Mode: withDefault(oneOf(['Active', 'PassThrough']), 'PassThrough') })),
  DeadLetterConfig: optional(structure({ TargetArn: optional(text()) })),
};

/**
 * The configuration that results from a create (no `before`) or an update.
 * @throws {AwsError} InvalidParameterValueException
 */
export function configure(
  given: Members<typeof configurationMembers>,
  { DeadLetterTargetArn: previousTarget, ...before }: Configuration = DEFAULTS,
): Configuration {
  const { DeadLetterConfig, Environment, Timeout } = given;
  const target = DeadLetterConfig === undefined ? previousTarget : DeadLetterConfig.TargetArn || undefined;
  return {
    Runtime: nodeRuntime(given.Runtime ?? before.Runtime),
    Handler: given.Handler ?? before.Handler,
    Role: given.Role ?? before.Role,
    Description: given.Description ?? before.Description,
    Timeout: Timeout ?? before.Timeout,
    enforcedTimeout: Timeout ?? before.enforcedTimeout,
    MemorySize: given.MemorySize ?? before.MemorySize,
    Environment: Environment === undefined ? before.Environment : usersVariables(Environment.Variables ?? {}),
    Architectures: given.Architectures ?? before.Architectures,
    TracingConfig: given.TracingConfig ?? before.TracingConfig,
    ...(target !== undefined && { DeadLetterTargetArn: target }),
  };
}

function nodeRuntime(runtime: string): string {
  if (/^nodejs\d+\.x$/.test(runtime)) return runtime;
  throw userError(
    'InvalidParameterValueException',
    `The runtime ${runtime || '(none)'} does not run here: functions run in this process, so give a Node.js one, e.g. nodejs22.x`,
  );
}

/** Names that Lambda sets itself. [documented: Lambda Developer Guide, "Defined runtime environment variables"] */
const RESERVED =
  /^(AWS_(LAMBDA_|REGION$|DEFAULT_REGION$|ACCESS_KEY|SECRET_ACCESS_KEY$|SESSION_TOKEN$|EXECUTION_ENV$)|_HANDLER$|LAMBDA_)/;

function usersVariables(variables: Configuration['Environment']): Configuration['Environment'] {
  const reserved = Object.keys(variables).filter((name) => RESERVED.test(name));
  if (reserved.length === 0) return variables;
  throw userError(
    'InvalidParameterValueException',
    'Lambda was unable to configure your environment variables because the environment variables you have provided contains ' +
      `reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
  );
}
