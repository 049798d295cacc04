import { AwsError } from '../kernel/aws-error.ts';
import { callerOf, parseScope } from './scope.ts';
import { jsonAnswer, jsonRefusal, parseTarget } from './protocols/aws-json.ts';
import { parseJsonBody } from './protocols/json-body.ts';
import { header, isForThisMachine, type HttpAnswer, type HttpRequest } from '../kernel/http.ts';
import { isForm, parseQuery, queryAnswer, queryRefusal, type QueryCall } from './protocols/query.ts';
import { matchRest, parseRest, restAnswer, restRefusal, type RestMatch } from './protocols/rest-json.ts';
import { parseS3, s3Answer, s3Refusal } from './protocols/s3.ts';
import type { Caller, ServiceId, World } from '../kernel/service.ts';
import type { Services } from '../kernel/call.ts';

/**
 * Turns requests into calls: finds the protocol, the service, the action and the caller, and responds in the same protocol. The
 * request shows its protocol: a target header, a form with an action, a path of a REST API, or the path of a handler.
 *
 * Signatures of API calls are not verified, but there must be one, and the host must be this machine: otherwise any web page open
 * in a browser here could create a function and run it.
 */
export function createRouter(world: World, services: Services): (request: HttpRequest) => Promise<HttpAnswer> {
  const handlers = new Map(Object.values(services).flatMap((service) => Object.entries(service.handlers ?? {})));

  const json = async (request: HttpRequest, target: string, caller: Caller): Promise<HttpAnswer> => {
    let service: ServiceId | undefined;
    try {
      const parsed = parseTarget(target);
      service = parsed.service;
      const output = await world.call(caller, `${service}:${parsed.action}`, parseJsonBody(request));
      return jsonAnswer(request, output);
    } catch (error) {
      return jsonRefusal(request, service && services[service], toAwsError(error));
    }
  };
  const query = async (call: QueryCall, caller: Caller, requestId: string): Promise<HttpAnswer> => {
    try {
      return queryAnswer(call, await world.call(caller, `${call.service}:${call.action}`, call.input), requestId);
    } catch (error) {
      return queryRefusal(call, toAwsError(error), requestId);
    }
  };
  const rest = async (request: HttpRequest, match: RestMatch, caller: Caller): Promise<HttpAnswer> => {
    try {
      const { service, action } = match.route;
      return restAnswer(match, await world.call(caller, `${service}:${action}`, parseRest(request, match)));
    } catch (error) {
      return restRefusal(toAwsError(error));
    }
  };

  const route = async (request: HttpRequest, requestId: string): Promise<HttpAnswer> => {
    if (!isForThisMachine(header(request, 'host'))) return restRefusal(foreignHost(request));
    const [, name, remainder] = /^\/_aws\/([^/]+)(.*)$/.exec(request.path) ?? [];
    const handler = name === undefined ? undefined : handlers.get(name);
    if (handler !== undefined) return handler(request, remainder ?? '');

    const scope = parseScope(header(request, 'authorization'));
    if (scope === undefined) return restRefusal(unsigned());
    const caller = callerOf(scope, world.credentials, world);
    if (scope.service === 's3') return answerS3(world, request, caller, requestId);
    const target = header(request, 'x-amz-target');
    if (target !== undefined) return json(request, target, caller);
    const call = parseQuery(request);
    if (call !== undefined) return query(call, caller, requestId);
    const match = matchRest(request);
    if (match !== undefined) return rest(request, match, caller);
    const refusal = unknown(request, scope.service, services);
    return isForm(request) ? queryRefusal({}, refusal, requestId) : restRefusal(refusal);
  };

  return async (request) => {
    const requestId = world.uuid();
    const answer = await route(request, requestId).catch((error: unknown) => restRefusal(toAwsError(error)));
    answer.headers['x-amzn-requestid'] = requestId;
    answer.headers['date'] = httpDate(world.clock.now());
    return answer;
  };
}

/** S3 has a protocol of its own, and requests that look like others'. */
async function answerS3(world: World, request: HttpRequest, caller: Caller, requestId: string): Promise<HttpAnswer> {
  try {
    const call = parseS3(request);
    return s3Answer(call, await world.call(caller, `s3:${call.action}`, call.input));
  } catch (error) {
    return s3Refusal(request, toAwsError(error), requestId);
  }
}

/** Clients that correct their clock by the answers' date follow the platform's time. It is written anew once a second. */
const httpDate = ((second, text) => (now: number) => {
  if (Math.floor(now / 1000) !== second) {
    second = Math.floor(now / 1000);
    text = new Date(now).toUTCString();
  }
  return text;
})(NaN, '');

const foreignHost = (request: HttpRequest): AwsError =>
  new AwsError(
    'AccessDeniedException',
    `${header(request, 'host') ?? 'No host'} is not this machine: use 127.0.0.1`,
    403,
  );

const unsigned = (): AwsError =>
  new AwsError('MissingAuthenticationTokenException', 'Request is missing Authentication Token', 403);

/** Names the service that the request is signed for. */
const unknown = (request: HttpRequest, service: string, services: Services): AwsError =>
  new AwsError(
    'UnknownOperationException',
    `${request.method} ${request.path}, signed for ${service}, is of no service here; there are ${Object.keys(services).join(', ')}`,
    404,
  );

/** What is not a refusal is a fault of this program: it is answered as one, and shown. */
function toAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.emitWarning(`local AWS failed: ${text}`);
  return new AwsError('InternalFailure', `Local AWS failed: ${text.split('\n')[0] ?? ''}`, 500);
}
