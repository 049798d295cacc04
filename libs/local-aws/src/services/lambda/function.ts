import { AwsError } from '../../kernel/aws-error.ts';
import type { Millis } from '../../kernel/clock/clock.ts';
import type { JsonObject } from '../../kernel/service.ts';
import type { Tags } from '../../kit/tags.ts';
import type { Code } from './code.ts';
import type { Environments } from './environments.ts';

/** What can be configured, under Lambda's own names. */
export interface Configuration {
  readonly Runtime: string;
  readonly Handler: string;
  readonly Role: string;
  readonly Description: string;
  /** Seconds. */
  readonly Timeout: number;
  /** Seconds after which a run is ended: the Timeout, where the user has set it. */
  readonly enforcedTimeout: number;
  /** MB. */
  readonly MemorySize: number;
  readonly Environment: Readonly<Record<string, string>>;
  readonly Architectures: readonly string[];
  /** Shown alone: there are no traces here. */
  readonly TracingConfig: { readonly Mode: string };
  readonly DeadLetterTargetArn?: string;
}

/** `$LATEST`, or a published version, which does not change any more. */
export interface Version {
  readonly version: string;
  readonly configuration: Configuration;
  readonly code: Code;
  readonly lastModified: Millis;
  readonly revisionId: string;
  readonly environments: Environments;
}

export interface Alias {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly revisionId: string;
}

export interface EventInvokeConfig {
  readonly lastModified: Millis;
  readonly maximumRetryAttempts?: number;
  readonly maximumEventAgeSeconds?: number;
  readonly onSuccess?: string;
  readonly onFailure?: string;
}

export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  latest: Version;
  readonly published: Map<string, Version>;
  readonly aliases: Map<string, Alias>;
  /** Statements of its policy, by their ids. */
  readonly permissions: Map<string, JsonObject>;
  /** By qualifier. */
  readonly eventInvokeConfigs: Map<string, EventInvokeConfig>;
  readonly tags: Tags;
  reservedConcurrency: number | undefined;
  /** Invocations that are running now. */
  running: number;
}

export const userError = (code: string, message: string, status = 400): AwsError =>
  new AwsError(code, message, status, { Type: 'User' });

/** @throws {AwsError} ResourceNotFoundException for a qualifier that is neither a version nor an alias */
export function findVersion(fn: LambdaFunction, qualifier = '$LATEST'): Version {
  if (qualifier === '$LATEST') return fn.latest;
  const number = fn.aliases.get(qualifier)?.version ?? qualifier;
  const version = number === '$LATEST' ? fn.latest : fn.published.get(number);
  if (version === undefined)
    throw userError('ResourceNotFoundException', `Function not found: ${fn.arn}:${qualifier}`, 404);
  return version;
}

/** A function as Get, Create, Update and List show it. */
export function functionShape(fn: LambdaFunction, version: Version, qualified: boolean): JsonObject {
  const { Runtime, Handler, Role, Description, Timeout, MemorySize, Architectures, TracingConfig } =
    version.configuration;
  const { Environment, DeadLetterTargetArn } = version.configuration;
  return {
    FunctionName: fn.name,
    FunctionArn: qualified ? `${fn.arn}:${version.version}` : fn.arn,
    Runtime,
    Handler,
    Role,
    Description,
    Timeout,
    MemorySize,
    Architectures,
    ...(Object.keys(Environment).length > 0 ? { Environment: { Variables: Environment } } : {}),
    ...(DeadLetterTargetArn === undefined ? {} : { DeadLetterConfig: { TargetArn: DeadLetterTargetArn } }),
    CodeSha256: version.code.sha256,
    CodeSize: version.code.size,
    LastModified: new Date(version.lastModified).toISOString().replace('Z', '+0000'),
    Version: version.version,
    RevisionId: version.revisionId,
    PackageType: 'Zip',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    TracingConfig,
    EphemeralStorage: { Size: 512 },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${fn.name}` },
  };
}
