import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject, ServiceId } from '../../kernel/service.ts';
import { header, type HttpAnswer, type HttpRequest } from '../../kernel/http.ts';
import { parseJsonBody } from './json-body.ts';
import { REST_ROUTES, type RestRoute } from './rest-routes.ts';

export interface RestMatch {
  readonly route: RestRoute;
  readonly pathMembers: Readonly<Record<string, string>>;
}

interface Candidate {
  readonly route: RestRoute;
  readonly segments: readonly string[];
}

const split = (path: string): string[] => path.split('/').filter((segment) => segment !== '');

/** By method and number of segments: a handful of candidates each. */
const CANDIDATES = Map.groupBy(
  REST_ROUTES.map((route): Candidate => ({ route, segments: split(route.path) })),
  ({ route, segments }) => `${route.method} ${segments.length}`,
);

export function matchRest(request: HttpRequest): RestMatch | undefined {
  const given = split(request.path);
  for (const { route, segments } of CANDIDATES.get(`${request.method} ${given.length}`) ?? []) {
    const pathMembers: Record<string, string> = {};
    const fits = segments.every((segment, index) => {
      const part = given[index] ?? '';
      if (!segment.startsWith('{')) return segment === part;
      pathMembers[segment.slice(1, -1)] = decode(part);
      return true;
    });
    if (fits) return { route, pathMembers };
  }
  return undefined;
}

/** @throws {AwsError} SerializationException for a body that is no JSON object */
export function parseRest(request: HttpRequest, { route, pathMembers }: RestMatch): JsonObject {
  const query: JsonObject = {};
  for (const [name, value] of new URLSearchParams(request.query)) {
    const member = upperFirst(name);
    if (member === 'TagKeys') query[member] = [...((query[member] as string[] | undefined) ?? []), value];
    else query[member] = value;
  }
  if (route.action === 'Invoke') return { ...query, ...pathMembers, ...invokeMembers(request) };
  return { ...parseBody(request, route.service), ...query, ...pathMembers };
}

/** Of Invoke the body is the event and all else stands in headers. */
function invokeMembers(request: HttpRequest): JsonObject {
  const members: JsonObject = { Payload: request.body };
  const named = {
    InvocationType: 'x-amz-invocation-type',
    LogType: 'x-amz-log-type',
    ClientContext: 'x-amz-client-context',
  };
  for (const [member, name] of Object.entries(named)) {
    const value = header(request, name);
    if (value !== undefined) members[member] = value;
  }
  return members;
}

function parseBody(request: HttpRequest, service: ServiceId): JsonObject {
  const body = parseJsonBody(request);
  return service === 'apigateway' ? renameMembers(body, upperFirst) : body;
}

export function restAnswer({ route }: RestMatch, output: JsonObject): HttpAnswer {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (route.action === 'Invoke') return invokeAnswer(output, headers);
  if (route.status === 204) return { status: 204, headers, body: '' };
  const members = route.service === 'apigateway' ? renameMembers(output, lowerFirst) : output;
  return { status: route.status, headers, body: JSON.stringify(members) };
}

function invokeAnswer(output: JsonObject, headers: Record<string, string>): HttpAnswer {
  const named = {
    FunctionError: 'x-amz-function-error',
    LogResult: 'x-amz-log-result',
    ExecutedVersion: 'x-amz-executed-version',
  };
  for (const [member, name] of Object.entries(named)) {
    const value = output[member];
    if (typeof value === 'string') headers[name] = value;
  }
  return { status: output['StatusCode'] as number, headers, body: (output['Payload'] as Uint8Array | undefined) ?? '' };
}

export function restRefusal(error: AwsError): HttpAnswer {
  return {
    status: error.status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': error.code },
    body: JSON.stringify({ message: error.message, ...error.details }),
  };
}

/** Members whose own members are named by the model; in all others (tags, stage variables) the names are the user's. */
const STRUCTURES = /^(items|corsConfiguration|accessLogSettings|defaultRouteSettings)$/i;

/** API Gateway V2 begins its members' names in lower case on the wire and in upper case in the model. */
function renameMembers(value: JsonObject, rename: (name: string) => string): JsonObject {
  const renamed = Object.entries(value).map(([name, member]) => {
    if (!STRUCTURES.test(name)) return [rename(name), member];
    if (!Array.isArray(member)) return [rename(name), renameMembers(member as JsonObject, rename)];
    return [rename(name), member.map((item) => renameMembers(item as JsonObject, rename))];
  });
  return Object.fromEntries(renamed) as JsonObject;
}

const upperFirst = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new AwsError('ValidationException', `The path has a part that is no percent-encoding: ${part}`);
  }
}
