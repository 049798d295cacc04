import { AwsError } from './aws-error.ts';
import { callerOf, parseScope } from './credentials/caller.ts';
import { jsonAnswer, jsonRefusal, parseJson, parseTarget } from './protocols/aws-json.ts';
import { header, type HttpAnswer, type HttpRequest } from './protocols/http.ts';
import { parseQuery, queryAnswer, queryRefusal, type QueryCall } from './protocols/query.ts';
import { matchRest, parseRest, restAnswer, restRefusal, type RestMatch } from './protocols/rest-json.ts';
import type { Caller, Service, ServiceId, World } from './service.ts';

export type Services = Partial<Record<ServiceId, Service>>;

/** @throws {AwsError} UnknownOperationException, which says what there is */
export function findAction(services: Services, id: ServiceId, action: string): Service['actions'][string] {
  const service = services[id];
  if (service === undefined) {
    throw new AwsError('UnknownOperationException', `There is no ${id} here, only ${Object.keys(services).join(', ')}`);
  }
  const found = Object.hasOwn(service.actions, action) ? service.actions[action] : undefined;
  if (found === undefined) {
    const known = Object.keys(service.actions).sort().join(', ');
    throw new AwsError('UnknownOperationException', `${id} has no action ${action || '(none)'} here; it has ${known}`);
  }
  return found;
}

/**
 * Turns requests into calls: finds the protocol, the service, the action and the caller, and answers in the same protocol. The
 * protocol shows by itself: a target header, a form with an action, a path of a REST API, or a door's.
 *
 * Signatures of API calls are not verified, but there must be one, and the host must be this machine: else any web page that a
 * browser here has open could create a function and run it.
 */
export function createFrontDoor(world: World, services: Services): (request: HttpRequest) => Promise<HttpAnswer> {
  const doors = new Map(Object.values(services).flatMap((service) => Object.entries(service.doors ?? {})));

  const json = async (request: HttpRequest, target: string, caller: Caller): Promise<HttpAnswer> => {
    let service: ServiceId | undefined;
    try {
      const parsed = parseTarget(target);
      service = parsed.service;
      return jsonAnswer(
        request,
        service,
        await world.call(service, parsed.action, parseJson(request, service), caller),
      );
    } catch (error) {
      return jsonRefusal(request, service, toAwsError(error));
    }
  };
  const query = async (call: QueryCall, caller: Caller, requestId: string): Promise<HttpAnswer> => {
    try {
      return queryAnswer(call, await world.call(call.service, call.action, call.input, caller), requestId);
    } catch (error) {
      return queryRefusal(call, toAwsError(error), requestId);
    }
  };
  const rest = async (request: HttpRequest, match: RestMatch, caller: Caller): Promise<HttpAnswer> => {
    try {
      const { service, action } = match.route;
      return restAnswer(match, await world.call(service, action, parseRest(request, match), caller));
    } catch (error) {
      return restRefusal(toAwsError(error));
    }
  };

  const route = async (request: HttpRequest, requestId: string): Promise<HttpAnswer> => {
    if (!LOOPBACK.test(header(request, 'host') ?? '')) return restRefusal(foreignHost(request));
    const [, name, remainder] = /^\/_aws\/([^/]+)(.*)$/.exec(request.path) ?? [];
    const door = name === undefined ? undefined : doors.get(name);
    if (door !== undefined) return door(request, remainder ?? '');

    const scope = parseScope(header(request, 'authorization'));
    if (scope === undefined) return restRefusal(unsigned());
    const caller = callerOf(scope, world.credentials, world);
    const target = header(request, 'x-amz-target');
    if (target !== undefined) return json(request, target, caller);
    const call = parseQuery(request);
    if (call !== undefined) return query(call, caller, requestId);
    const match = matchRest(request);
    if (match !== undefined) return rest(request, match, caller);
    return restRefusal(unknown(request, services));
  };

  return async (request) => {
    const requestId = world.uuid();
    const answer = await route(request, requestId).catch((error: unknown) => restRefusal(toAwsError(error)));
    answer.headers['x-amzn-requestid'] = requestId;
    answer.headers['date'] = httpDate(world.clock.now());
    return answer;
  };
}

/** Clients that correct their clock by the answers' date follow the platform's time. It is written anew once a second. */
const httpDate = ((second, text) => (now: number) => {
  if (Math.floor(now / 1000) !== second) {
    second = Math.floor(now / 1000);
    text = new Date(now).toUTCString();
  }
  return text;
})(NaN, '');

const LOOPBACK = /^(127\.0\.0\.1|localhost|[\w.-]+\.localhost|\[::1\])(:\d+)?$/;

const foreignHost = (request: HttpRequest): AwsError =>
  new AwsError(
    'AccessDeniedException',
    `${header(request, 'host') ?? 'No host'} is not this machine: use 127.0.0.1`,
    403,
  );

const unsigned = (): AwsError =>
  new AwsError('MissingAuthenticationTokenException', 'Request is missing Authentication Token', 403);

const unknown = (request: HttpRequest, services: Services): AwsError =>
  new AwsError(
    'UnknownOperationException',
    `${request.method} ${request.path} is of no service here; there are ${Object.keys(services).join(', ')}`,
    404,
  );

/** What is not a refusal is a fault of this program: it is answered as one, and shown. */
function toAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.emitWarning(`local AWS failed: ${text}`);
  return new AwsError('InternalFailure', `Local AWS failed: ${text.split('\n')[0] ?? ''}`, 500);
}
