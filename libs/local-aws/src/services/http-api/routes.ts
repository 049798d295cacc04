import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { flag, list, opaque, optional, required, text, type Members } from '../../kit/reader.ts';
import { apiId, given, managed, notFound, type Api, type Apis } from './api-store.ts';
import { compareRoutes, parseRouteKey, type RouteKey } from './route-key.ts';

const settings = {
  ApiKeyRequired: optional(flag),
  AuthorizationScopes: optional(list(text())),
  AuthorizationType: optional(text()),
  AuthorizerId: optional(text()),
  ModelSelectionExpression: optional(text()),
  OperationName: optional(text()),
  RequestModels: optional(opaque),
  RequestParameters: optional(opaque),
  RouteKey: optional(text()),
  RouteResponseSelectionExpression: optional(text()),
  Target: optional(text()),
};
type Settings = Partial<Members<typeof settings>>;

export interface Route {
  readonly key: RouteKey;
  readonly authorizationType: 'NONE' | 'AWS_IAM';
  /** As API Gateway shows it. */
  readonly members: JsonObject & Settings & { readonly RouteId: string };
}

/** @throws {AwsError} BadRequestException */
export function makeRoute(RouteId: string, { AuthorizationType = 'NONE', ...members }: Settings): Route {
  const key = parseRouteKey(members.RouteKey);
  if (AuthorizationType !== 'NONE' && AuthorizationType !== 'AWS_IAM') {
    const message = `AuthorizationType ${AuthorizationType} is not here, only NONE and AWS_IAM`;
    throw new AwsError('BadRequestException', message);
  }
  const shown = { ApiKeyRequired: false, ...given(members), RouteId, AuthorizationType };
  return { key, authorizationType: AuthorizationType, members: shown };
}

/** Routes in the order in which they are tried. */
export const orderedRoutes = (api: Api): Route[] =>
  [...api.routes.values()].sort((a, b) => compareRoutes(a.key, b.key));

export function routeActions(apis: Apis): Record<string, UnboundAction> {
  const evidence = 'documented';
  const one = { ApiId: apiId, RouteId: required(text({ min: 1 })) };
  const find = (api: Api, id: string): Route => {
    const route = api.routes.get(id);
    if (route === undefined) throw notFound('Route', id);
    return route;
  };
  const put = (api: Api, route: Route): JsonObject => {
    const { key, members } = route;
    const taken = [...api.routes].some(([id, other]) => id !== members.RouteId && other.key.text === key.text);
    if (taken) throw new AwsError('ConflictException', `Route with key ${key.text} already exists for this API`, 409);
    api.routes.set(members.RouteId, route);
    return members;
  };
  return {
    CreateRoute: action(
      { ApiId: apiId, ...settings },
      {
        resources: ({ ApiId }, caller) => managed(caller, `/${ApiId}/routes`),
        evidence,
        run: ({ ApiId, ...members }) => put(apis.find(ApiId), makeRoute(apis.newId(7), members)),
      },
    ),
    GetRoute: action(one, {
      resources: ({ ApiId, RouteId }, caller) => managed(caller, `/${ApiId}/routes/${RouteId}`),
      evidence,
      run: ({ ApiId, RouteId }) => find(apis.find(ApiId), RouteId).members,
    }),
    GetRoutes: action(
      { ApiId: apiId },
      {
        resources: ({ ApiId }, caller) => managed(caller, `/${ApiId}/routes`),
        evidence,
        run: ({ ApiId }) => ({ Items: [...apis.find(ApiId).routes.values()].map(({ members }) => members) }),
      },
    ),
    UpdateRoute: action(
      { ...one, ...settings },
      {
        resources: ({ ApiId, RouteId }, caller) => managed(caller, `/${ApiId}/routes/${RouteId}`),
        evidence,
        run({ ApiId, RouteId, ...changes }) {
          const api = apis.find(ApiId);
          return put(api, makeRoute(RouteId, { ...find(api, RouteId).members, ...given(changes) }));
        },
      },
    ),
    DeleteRoute: action(one, {
      resources: ({ ApiId, RouteId }, caller) => managed(caller, `/${ApiId}/routes/${RouteId}`),
      evidence,
      run({ ApiId, RouteId }) {
        const api = apis.find(ApiId);
        find(api, RouteId);
        api.routes.delete(RouteId);
        return {};
      },
    }),
  };
}
