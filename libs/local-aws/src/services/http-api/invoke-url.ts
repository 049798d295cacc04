import { AwsError } from '../../kernel/aws-error.ts';
import type { Steps } from '../../kernel/call.ts';
import { rootOf, serviceCaller } from '../../kernel/caller.ts';
import { arnOf } from '../../kit/arn.ts';
import type { Millis } from '../../kernel/clock/clock.ts';
import type { Credentials, Principal } from '../../kernel/credentials.ts';
import type { HttpAnswer, HttpRequest } from '../../kernel/http.ts';
import type { JsonObject, World } from '../../kernel/service.ts';
import { gatewayAnswer, internalServerError, toAnswer } from './answer.ts';
import type { Api } from './api-store.ts';
import { orderedRoutes, type Route } from './routes.ts';
import type { Stage } from './stages.ts';
import { toEvent } from './event.ts';
import { matchRoute, type PathParameters } from './route-key.ts';

/** Whether a request is signed, and by whom: the wire's to know. A refusal has AWS's code and text. */
export type VerifySignature = (
  request: HttpRequest,
  service: string,
  credentials: Credentials,
  now: Millis,
) =>
  | { readonly verified: true; readonly principal: Principal }
  | { readonly verified: false; readonly code: string; readonly message: string };

interface Gate {
  readonly verifySignature: VerifySignature;
  readonly authorize: Required<Steps>['authorize'];
}

const MAX_REQUEST_BYTES = 10 * 1024 * 1024;

/**
 * Answers requests to `/_aws/execute-api/API/...`, the local form of `https://API.execute-api.REGION.amazonaws.com/...`. The
 * signature that an IAM route asks for is over the path as sent, prefix and all.
 */
export function createInvokeUrl(
  world: World,
  apis: ReadonlyMap<string, Api>,
  gate: Gate,
): (request: HttpRequest, rest: string) => Promise<HttpAnswer> {
  return async (request, rest) => {
    const [, apiId, path] = /^\/([^/]+)(.*)$/.exec(rest) ?? [];
    const api = apis.get(apiId ?? '');
    const staged = api && findStage(api, path === undefined || path === '' ? '/' : path);
    const found = api && staged && findRoute(api, request.method, staged.inner);
    if (!api || !staged || !found) return gatewayAnswer(404, 'Not Found');
    if (request.body.length > MAX_REQUEST_BYTES) return gatewayAnswer(413, 'Request Entity Too Large');

    const now = world.clock.now();
    const signed = found.route.authorizationType === 'AWS_IAM';
    const verdict = signed ? gate.verifySignature(request, 'execute-api', world.credentials, now) : undefined;
    if (verdict?.verified === false) return refused(verdict.code, verdict.message);
    const address = `${api.id}/${staged.name}/${request.method}`;
    if (verdict !== undefined && !(await mayInvoke(world, gate, verdict.principal, address + staged.inner))) {
      return refused('AccessDeniedException', 'Forbidden');
    }
    const event = toEvent({
      request,
      accountId: world.accountId,
      apiId: api.id,
      stage: staged.name,
      stageVariables: staged.stage.StageVariables,
      path: staged.path,
      routeKey: found.route.key.text,
      pathParameters: found.parameters,
      principal: verdict?.principal,
      requestId: world.uuid(),
      now,
    });
    const answer = await integrate(world, api, found.route, { event, source: address + pathOf(found.route) });
    observe(world, found.route, event, answer);
    return answer;
  };
}

function refused(code: string, message: string): HttpAnswer {
  const answer = gatewayAnswer(403, message);
  answer.headers['x-amzn-errortype'] = code;
  return answer;
}

/** A route's ARN is `API/STAGE/METHOD/PATH`. [documented: API Gateway Developer Guide, "IAM authorization for HTTP APIs"] */
async function mayInvoke(world: World, { authorize }: Gate, principal: Principal, address: string): Promise<boolean> {
  const { accountId, arn: principalArn, userId, role } = principal;
  const caller = { ...rootOf(world), accountId, principalArn, userId, ...(role && { role }) };
  const resources = [arnOf(world, 'execute-api', address)];
  try {
    await authorize({ caller, service: 'execute-api', action: 'Invoke', input: {}, resources });
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}

/** The path of `POST /callbacks/{id}`; `$default` has none. */
const pathOf = ({ key }: Route): string => /\/.*$/.exec(key.text)?.[0] ?? '/$default';

interface Staged {
  readonly name: string;
  readonly stage: Stage;
  /** What the function sees: with a named stage's name. */
  readonly path: string;
  /** What routes match. */
  readonly inner: string;
}

/** A named stage stands at the head of the path; `$default` takes all others. */
function findStage(api: Api, path: string): Staged | undefined {
  const [, first = '', inner = ''] = /^\/([^/]*)(.*)$/.exec(path) ?? [];
  const named = api.stages.get(first);
  if (named !== undefined) return { name: first, stage: named, path, inner: inner === '' ? '/' : inner };
  const stage = api.stages.get('$default');
  return stage && { name: '$default', stage, path, inner: path };
}

function findRoute(api: Api, method: string, path: string): { route: Route; parameters: PathParameters } | undefined {
  for (const route of orderedRoutes(api)) {
    const parameters = matchRoute(route.key, method, path);
    if (parameters !== undefined) return { route, parameters };
  }
  return undefined;
}

async function integrate(
  world: World,
  api: Api,
  route: Route,
  { event, source }: { readonly event: JsonObject; readonly source: string },
): Promise<HttpAnswer> {
  const integration = api.integrations.get((route.members.Target ?? '').replace(/^integrations\//, ''));
  const functionArn = /(arn:[^:/]+:lambda:[^/]+)(\/invocations)?$/.exec(integration?.IntegrationUri ?? '')?.[1];
  if (integration === undefined || functionArn === undefined) return internalServerError();
  const invoked = world
    .call(serviceCaller(world, 'apigateway', arnOf(world, 'execute-api', source)), 'lambda:Invoke', {
      FunctionName: functionArn,
      Payload: JSON.stringify(event),
    })
    .then(({ FunctionError, Payload }) => {
      if (FunctionError !== undefined) return internalServerError();
      return toAnswer(JSON.parse(Buffer.from(Payload as Uint8Array).toString('utf8')));
    }, internalServerError);
  // By the machine's time, in which the function runs.
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<HttpAnswer>((resolve) => {
    timer = setTimeout(() => resolve(gatewayAnswer(503, 'Service Unavailable')), integration.TimeoutInMillis);
  });
  return Promise.race([invoked, timeout]).finally(() => clearTimeout(timer));
}

function observe(world: World, route: Route, event: JsonObject, answer: HttpAnswer): void {
  const output = { statusCode: answer.status, body: answer.body };
  world.observers.called({ service: 'execute-api', action: route.key.text, input: event, output });
}
