import type { JsonObject } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { oneOf, withDefault, type Check } from '../../kit/reader.ts';
import { invokeLater } from './asynchronous.ts';
import { userError } from './function.ts';
import { qualifiedArn, type FunctionStore } from './function-store.ts';
import { invoke, type Invocation } from './invocation.ts';
import { versionMembers } from './reference.ts';

type InvocationType = 'Event' | 'RequestResponse' | 'DryRun';

/** Bytes. [documented: Lambda Developer Guide, "Lambda quotas"] */
const MAX_PAYLOAD: Readonly<Record<InvocationType, number>> = {
  Event: 1024 * 1024,
  RequestResponse: 6 * 1024 * 1024,
  DryRun: 6 * 1024 * 1024,
};

/** The event: bytes over HTTP, text from a caller in this process. */
const payload: Check<string> = (value, path, { dialect }) => {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  throw dialect.wrongType(path, value, 'Blob');
};

/** Runs a function, and returns its result or, of an Event, nothing but that it will be run. */
export const invokeAction = (functions: FunctionStore): UnboundAction =>
  action(
    {
      ...versionMembers,
      InvocationType: withDefault(oneOf(['Event', 'RequestResponse', 'DryRun']), 'RequestResponse'),
      LogType: withDefault(oneOf(['None', 'Tail']), 'None'),
      Payload: withDefault(payload, ''),
    },
    {
      resources: (request, caller) => [qualifiedArn(request, caller)],
      evidence: 'recorded',
      async run({ FunctionName, Qualifier = FunctionName.qualifier ?? '$LATEST', InvocationType, LogType, Payload }) {
        const { fn, version, qualifier } = functions.locate({ FunctionName, Qualifier });
        const event = checkEvent(Payload, InvocationType);
        switch (InvocationType) {
          case 'DryRun':
            return { StatusCode: 204, ExecutedVersion: version.version };
          case 'Event':
            invokeLater(functions.world, fn, version, qualifier, event);
            return { StatusCode: 202 };
          case 'RequestResponse':
            return invocationShape(await invoke(functions.world, fn, version, event), LogType === 'Tail');
        }
      },
    },
  );

/** The event as JSON text; no payload is `{}`. @throws {AwsError} InvalidRequestContentException, RequestTooLargeException */
function checkEvent(text: string, type: InvocationType): string {
  const size = Buffer.byteLength(text);
  if (size > MAX_PAYLOAD[type]) {
    const message = `${size} byte payload is too large for the ${type} invocation type (limit ${MAX_PAYLOAD[type]} bytes)`;
    throw userError('RequestTooLargeException', message, 413);
  }
  if (text === '') return '{}';
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    const message = `Could not parse request body into json: ${error instanceof Error ? error.message : String(error)}`;
    throw userError('InvalidRequestContentException', message);
  }
}

/** The last 4 KB of the log come with the result. [documented: Lambda API Reference, "Invoke"] */
const LOG_TAIL_BYTES = 4096;

function invocationShape(invocation: Invocation, withLog: boolean): JsonObject {
  const tail = Buffer.from(invocation.log.join('')).subarray(-LOG_TAIL_BYTES).toString('base64');
  return {
    StatusCode: 200,
    ExecutedVersion: invocation.version,
    Payload: Buffer.from(invocation.payload),
    ...(invocation.functionError !== undefined && { FunctionError: invocation.functionError }),
    ...(withLog && { LogResult: tail }),
  };
}
