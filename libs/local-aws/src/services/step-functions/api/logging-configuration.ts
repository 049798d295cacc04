import { AwsError } from '../../../kernel/aws-error.ts';
import type { JsonObject } from '../../../kernel/service.ts';
import { flag, list, oneOf, optional, structure, text } from '../../../kit/reader.ts';

const NO_LOGGING = { level: 'OFF', includeExecutionData: false };

/** A request's member. */
export const loggingConfiguration = optional(
  structure({
    level: optional(oneOf(['ALL', 'ERROR', 'FATAL', 'OFF'])),
    includeExecutionData: optional(flag),
    destinations: optional(
      list(structure({ cloudWatchLogsLogGroup: optional(structure({ logGroupArn: optional(text({ max: 256 })) })) })),
    ),
  }),
);

/** What a machine has, defaults included. @throws {AwsError} InvalidLoggingConfiguration */
export function loggingOf(given: ReturnType<typeof loggingConfiguration>): JsonObject {
  if (given === undefined) return NO_LOGGING;
  const { level, includeExecutionData, destinations } = given;
  const count = destinations?.length ?? 0;
  if (count > 1 || (count === 0 && level !== undefined && level !== 'OFF')) {
    throw new AwsError(
      'InvalidLoggingConfiguration',
      'Invalid Logging Configuration: Must specify exactly one Log Destination.',
    );
  }
  return {
    level: level ?? NO_LOGGING.level,
    includeExecutionData: includeExecutionData ?? NO_LOGGING.includeExecutionData,
    ...(destinations && { destinations }),
  };
}
