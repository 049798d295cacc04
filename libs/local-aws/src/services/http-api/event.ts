import type { Principal } from '../../kernel/credentials.ts';
import type { Millis } from '../../kernel/clock/clock.ts';
import type { HttpRequest } from '../../kernel/http.ts';
import type { JsonObject } from '../../kernel/service.ts';
import type { PathParameters } from './route-key.ts';

/** What the invoke URL knows of a request that a route has taken. */
export interface RoutedRequest {
  readonly request: HttpRequest;
  readonly accountId: string;
  readonly apiId: string;
  readonly stage: string;
  readonly stageVariables: Readonly<Record<string, string>> | undefined;
  /** As the function sees it: without the part that stands for the host name here. */
  readonly path: string;
  readonly routeKey: string;
  readonly pathParameters: PathParameters;
  /** Who signed, on a route that asks for it. */
  readonly principal: Principal | undefined;
  readonly requestId: string;
  readonly now: Millis;
}

/**
 * The event of payload format 2.0. Members that have nothing to say are absent.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function toEvent(routed: RoutedRequest): JsonObject {
  const { request, routeKey, path } = routed;
  const { cookies, headers } = splitHeaders(request);
  const query = joinedQuery(request.query);
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: request.query,
    ...(cookies === undefined ? {} : { cookies }),
    headers,
    ...(Object.keys(query).length === 0 ? {} : { queryStringParameters: query }),
    requestContext: requestContext(routed, headers),
    ...(Object.keys(routed.pathParameters).length === 0 ? {} : { pathParameters: routed.pathParameters }),
    ...(routed.stageVariables === undefined ? {} : { stageVariables: routed.stageVariables }),
    ...body(request.body, headers['content-type']),
  };
}

function requestContext(routed: RoutedRequest, headers: Readonly<Record<string, string>>): JsonObject {
  const { request, principal } = routed;
  const host = headers['host'] ?? '';
  return {
    accountId: routed.accountId,
    apiId: routed.apiId,
    ...(principal === undefined ? {} : { authorizer: { iam: identity(principal) } }),
    domainName: host,
    domainPrefix: routed.apiId,
    http: {
      method: request.method,
      path: routed.path,
      protocol: 'HTTP/1.1',
      sourceIp: request.sourceIp,
      userAgent: headers['user-agent'] ?? '',
    },
    requestId: routed.requestId,
    routeKey: routed.routeKey,
    stage: routed.stage,
    time: accessLogTime(routed.now),
    timeEpoch: routed.now,
  };
}

const identity = (principal: Principal): JsonObject => ({
  accessKey: principal.accessKeyId,
  accountId: principal.accountId,
  callerId: principal.userId,
  cognitoIdentity: null,
  principalOrgId: null,
  userArn: principal.arn,
  userId: principal.userId,
});

function splitHeaders(request: HttpRequest): { cookies: string[] | undefined; headers: Record<string, string> } {
  const headers: Record<string, string> = {};
  let cookies: string[] | undefined;
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined) continue;
    const text = Array.isArray(value) ? value.join(',') : value;
    if (name === 'cookie') cookies = text.split(/; */);
    else headers[name] = text;
  }
  return { cookies, headers };
}

function joinedQuery(query: string): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    joined[name] = Object.hasOwn(joined, name) ? `${joined[name]},${value}` : value;
  }
  return joined;
}

/** Text goes in as it is; forms and everything else in base64. */
const TEXT = /^(text\/|application\/(json|xml|javascript|[\w.-]+\+(json|xml))\b)/i;

function body(bytes: Buffer, contentType = 'text/plain'): JsonObject {
  if (bytes.length === 0) return { isBase64Encoded: false };
  const isText = TEXT.test(contentType);
  return { body: bytes.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}

/** `12/Mar/2020:19:03:58 +0000` */
function accessLogTime(time: Millis): string {
  const [, day, month, year, clock] = new Date(time).toUTCString().split(' ');
  return `${day}/${month}/${year}:${clock} +0000`;
}
