import type { LegacyAction as Action } from '../../kit/legacy.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import { optionalText } from '../../members.ts';
import type { JsonObject, World } from '../../kernel/service.ts';
import { compareRoutes, parseRouteKey, type RouteKey } from './route-key.ts';

/** A thing that is made, shown, changed and deleted: its members in API Gateway's names. */
export type Resource = JsonObject;

export interface Route {
  readonly key: RouteKey;
  readonly resource: Resource;
}

export interface Api {
  readonly id: string;
  resource: Resource;
  readonly integrations: Map<string, Resource>;
  readonly routes: Map<string, Route>;
  readonly stages: Map<string, Resource>;
}

/** Routes in the order in which they are tried. */
export const orderedRoutes = (api: Api): Route[] =>
  [...api.routes.values()].sort((a, b) => compareRoutes(a.key, b.key));

/** @throws {AwsError} NotFoundException */
export function findApi(apis: ReadonlyMap<string, Api>, input: JsonObject): Api {
  const api = apis.get(String(input['ApiId']));
  if (api === undefined) throw notFound('API', input['ApiId']);
  return api;
}

/** The actions on APIs and on what they are made of. */
export function apiActions(world: World, apis: Map<string, Api>): Record<string, Action> {
  const newId = (length: number): string => world.uuid().replaceAll('-', '').slice(0, length);
  return {
    CreateApi(input) {
      if (input['ProtocolType'] !== 'HTTP') {
        throw new AwsError(
          'BadRequestException',
          `ProtocolType ${String(input['ProtocolType'])} is not here, only HTTP`,
        );
      }
      const id = newId(10);
      const api: Api = {
        id,
        resource: describeApi(world, id, input),
        integrations: new Map(),
        routes: new Map(),
        stages: new Map(),
      };
      apis.set(id, api);
      if (input['Target'] !== undefined) quickCreate(api, input, newId);
      return api.resource;
    },
    GetApi: (input) => findApi(apis, input).resource,
    GetApis: () => ({ Items: [...apis.values()].map((api) => api.resource) }),
    UpdateApi(input) {
      const api = findApi(apis, input);
      return (api.resource = { ...api.resource, ...input });
    },
    DeleteApi(input) {
      apis.delete(findApi(apis, input).id);
      return {};
    },
    ...resourceActions(apis, 'Integration', (api) => api.integrations, {
      id: () => newId(7),
      make: (input) => ({ TimeoutInMillis: 30_000, PayloadFormatVersion: '2.0', ...input }),
    }),
    ...routeActions(apis, () => newId(7)),
    ...resourceActions(apis, 'Stage', (api) => api.stages, {
      id: (input) => String(input['StageName']),
      make: (input) => ({ CreatedDate: new Date(world.clock.now()).toISOString(), AutoDeploy: false, ...input }),
    }),
    TagResource: () => ({}),
    UntagResource: () => ({}),
    GetTags: () => ({ Tags: {} }),
  };
}

function describeApi(world: World, id: string, input: JsonObject): Resource {
  return {
    RouteSelectionExpression: '$request.method $request.path',
    ApiKeySelectionExpression: '$request.header.x-api-key',
    DisableExecuteApiEndpoint: false,
    Tags: {},
    ...input,
    ApiId: id,
    ApiEndpoint: `${world.endpoint()}/_aws/execute-api/${id}`,
    CreatedDate: new Date(world.clock.now()).toISOString(),
  };
}

/** CreateApi with a Target makes the route, the integration and the stage too. */
function quickCreate(api: Api, { Target, RouteKey = '$default' }: JsonObject, newId: (length: number) => string): void {
  const [integrationId, routeId] = [newId(7), newId(7)];
  const integration = {
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: Target,
    PayloadFormatVersion: '2.0',
    TimeoutInMillis: 30_000,
  };
  api.integrations.set(integrationId, { IntegrationId: integrationId, ...integration });
  const key = parseRouteKey(RouteKey);
  const route = {
    RouteId: routeId,
    RouteKey: key.text,
    Target: `integrations/${integrationId}`,
    AuthorizationType: 'NONE',
  };
  api.routes.set(routeId, { key, resource: route });
  api.stages.set('$default', { StageName: '$default', AutoDeploy: true });
}

interface Kind {
  readonly id: (input: JsonObject) => string;
  readonly make: (input: JsonObject) => Resource;
}

function resourceActions(
  apis: ReadonlyMap<string, Api>,
  kind: 'Integration' | 'Stage',
  of: (api: Api) => Map<string, Resource>,
  { id, make }: Kind,
): Record<string, Action> {
  const idMember = kind === 'Stage' ? 'StageName' : 'IntegrationId';
  const find = (input: JsonObject): { all: Map<string, Resource>; key: string; resource: Resource } => {
    const all = of(findApi(apis, input));
    const key = String(input[idMember]);
    const resource = all.get(key);
    if (resource === undefined) throw notFound(kind, key);
    return { all, key, resource };
  };
  return {
    [`Create${kind}`](input) {
      const all = of(findApi(apis, input));
      const key = id(input);
      if (all.has(key)) throw new AwsError('ConflictException', `${kind} already exists`, 409);
      const resource = { ...make(withoutApiId(input)), [idMember]: key };
      all.set(key, resource);
      return resource;
    },
    [`Get${kind}`]: (input) => find(input).resource,
    [`Get${kind}s`]: (input) => ({ Items: [...of(findApi(apis, input)).values()] }),
    [`Update${kind}`](input) {
      const { all, key, resource } = find(input);
      const changed = { ...resource, ...withoutApiId(input) };
      all.set(key, changed);
      return changed;
    },
    [`Delete${kind}`](input) {
      const { all, key } = find(input);
      all.delete(key);
      return {};
    },
  };
}

function routeActions(apis: ReadonlyMap<string, Api>, newId: () => string): Record<string, Action> {
  const find = (input: JsonObject): { api: Api; id: string; route: Route } => {
    const api = findApi(apis, input);
    const id = String(input['RouteId']);
    const route = api.routes.get(id);
    if (route === undefined) throw notFound('Route', id);
    return { api, id, route };
  };
  const put = (api: Api, id: string, members: JsonObject): Resource => {
    const key = parseRouteKey(members['RouteKey']);
    const taken = [...api.routes].some(([other, route]) => other !== id && route.key.text === key.text);
    if (taken) throw new AwsError('ConflictException', `Route with key ${key.text} already exists for this API`, 409);
    const type = optionalText(members, 'AuthorizationType') ?? 'NONE';
    if (type !== 'NONE' && type !== 'AWS_IAM') {
      throw new AwsError('BadRequestException', `AuthorizationType ${type} is not here, only NONE and AWS_IAM`);
    }
    const resource = { ApiKeyRequired: false, ...withoutApiId(members), RouteId: id, AuthorizationType: type };
    api.routes.set(id, { key, resource });
    return resource;
  };
  return {
    CreateRoute: (input) => put(findApi(apis, input), newId(), input),
    GetRoute: (input) => find(input).route.resource,
    GetRoutes: (input) => ({ Items: [...findApi(apis, input).routes.values()].map((route) => route.resource) }),
    UpdateRoute(input) {
      const { api, id, route } = find(input);
      return put(api, id, { ...route.resource, ...input });
    },
    DeleteRoute(input) {
      const { api, id } = find(input);
      api.routes.delete(id);
      return {};
    },
  };
}

/** Where a resource belongs is no member of it. */
const withoutApiId = (members: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(members).filter(([name]) => name !== 'ApiId'));

const notFound = (kind: string, id: unknown): AwsError =>
  new AwsError('NotFoundException', `Invalid ${kind} identifier specified ${String(id)}`, 404);
