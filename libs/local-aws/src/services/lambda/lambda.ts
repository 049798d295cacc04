import { legacy, type LegacyAction as Action } from '../../kit/legacy.ts';
import type { Logs } from '../logs/logs.ts';
import { optionalText } from '../../members.ts';
import type { JsonObject, Service, World } from '../../kernel/service.ts';
import type { Sqs } from '../sqs/sqs.ts';
import { aliasActions } from './aliases.ts';
import { invokeLater } from './asynchronous.ts';
import { concurrencyActions } from './concurrency.ts';
import { createEnvironment } from './environment.ts';
import { createEnvironments, createIdleEnvironments } from './environments.ts';
import { eventInvokeConfigActions } from './event-invoke-config.ts';
import { createEventSourceMappings } from './event-source-mappings.ts';
import { findVersion, parseReference, userError } from './function.ts';
import { createFunctionStore, functionActions } from './functions.ts';
import { invoke, type Invocation } from './invocation.ts';
import { permissionActions } from './permissions.ts';
import { tagActions } from './tags.ts';

const MOST_REQUEST_BYTES = 6 * 1024 * 1024;
const MOST_EVENT_BYTES = 1024 * 1024;

/** Lambda: Node.js functions in threads of this process. */
export function createLambda(world: World, logs: Logs, sqs: Pick<Sqs, 'onAvailable'>): Service {
  const functions = createFunctionStore(world);
  const idle = createIdleEnvironments();
  const mappings = createEventSourceMappings(world, functions, sqs);
  const actions: Record<string, Action> = {
    ...functionActions(world, functions, (fn, parts) =>
      createEnvironments(
        () => world.clock.now(),
        idle,
        () => createEnvironment(world, logs, { ...parts, fn }),
      ),
    ),
    ...aliasActions(world, functions),
    ...permissionActions(functions),
    ...concurrencyActions(functions),
    ...eventInvokeConfigActions(world, functions),
    ...tagActions(functions),
    ...mappings.actions,

    async Invoke(input) {
      const { name, qualifier = '$LATEST' } = parseReference(input['FunctionName'], input['Qualifier']);
      const fn = functions.find(name, qualifier);
      const version = findVersion(fn, qualifier);
      const type = optionalText(input, 'InvocationType') ?? 'RequestResponse';
      const event = parsePayload(input['Payload'], type === 'Event' ? MOST_EVENT_BYTES : MOST_REQUEST_BYTES);
      switch (type) {
        case 'DryRun':
          return { StatusCode: 204, ExecutedVersion: version.version };
        case 'Event':
          invokeLater(world, fn, version, qualifier, event);
          return { StatusCode: 202 };
        case 'RequestResponse':
          return answer(await invoke(world, fn, version, event), input['LogType'] === 'Tail');
        default:
          throw userError(
            'InvalidParameterValueException',
            `InvocationType ${type} is none of Event, DryRun, RequestResponse`,
          );
      }
    },
  };

  return {
    id: 'lambda',
    actions: legacy(actions),
    async close() {
      mappings.close();
      const versions = [...functions.all.values()].flatMap((fn) => [fn.latest, ...fn.published.values()]);
      await Promise.all(versions.map((version) => version.environments.end()));
    },
  };
}

/** The event as JSON text; nothing is `{}`. @throws {AwsError} InvalidRequestContentException, RequestTooLargeException */
function parsePayload(payload: unknown, mostBytes: number): string {
  if (payload === undefined) return '{}';
  const text = typeof payload === 'string' ? payload : Buffer.from(payload as Uint8Array).toString('utf8');
  const size = Buffer.byteLength(text);
  if (size > mostBytes) {
    const message = `${size} byte payload is too large for the RequestResponse invocation type (limit ${mostBytes} bytes)`;
    throw userError('RequestTooLargeException', message, 413);
  }
  if (text === '') return '{}';
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    const message = `Could not parse request body into json: ${(error as Error).message}`;
    throw userError('InvalidRequestContentException', message);
  }
}

function answer(invocation: Invocation, withLog: boolean): JsonObject {
  const tail = Buffer.from(invocation.log.join('')).subarray(-4096).toString('base64');
  return {
    StatusCode: 200,
    ExecutedVersion: invocation.version,
    Payload: Buffer.from(invocation.payload),
    ...(invocation.functionError === undefined ? {} : { FunctionError: invocation.functionError }),
    ...(withLog ? { LogResult: tail } : {}),
  };
}
