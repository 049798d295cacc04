import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { flag, mapOf, opaque, optional, required, text, withDefault } from '../../kit/reader.ts';
import { addTags, removeTags, tagKeys, tagMap } from '../../kit/tags.ts';
import { apiId, given, managed, type Api, type Apis } from './api-store.ts';
import { integrationActions, makeIntegration } from './integrations.ts';
import { makeRoute, routeActions } from './routes.ts';
import { stageActions } from './stages.ts';

const settings = {
  Name: optional(text({ min: 1, max: 128 })),
  Description: optional(text({ max: 1024 })),
  Version: optional(text({ max: 64 })),
  CorsConfiguration: optional(opaque),
  DisableExecuteApiEndpoint: optional(flag),
  DisableSchemaValidation: optional(flag),
  RouteSelectionExpression: optional(text()),
  ApiKeySelectionExpression: optional(text()),
  IpAddressType: optional(text()),
};

/** The actions on APIs and on what they are made of. */
export function apiActions(apis: Apis): Record<string, UnboundAction> {
  const evidence = 'documented';
  return {
    CreateApi: createApi(apis),

    GetApi: action(
      { ApiId: apiId },
      {
        resources: ({ ApiId }, caller) => managed(caller, `/${ApiId}`),
        evidence,
        run: ({ ApiId }) => shown(apis.find(ApiId)),
      },
    ),

    GetApis: action(
      {},
      {
        resources: (_request, caller) => managed(caller, ''),
        evidence,
        run: () => ({ Items: [...apis.all.values()].map(shown) }),
      },
    ),

    UpdateApi: action(
      { ApiId: apiId, ...settings },
      {
        resources: ({ ApiId }, caller) => managed(caller, `/${ApiId}`),
        evidence,
        run({ ApiId, ...changes }) {
          const api = apis.find(ApiId);
          api.members = { ...api.members, ...given(changes) };
          return shown(api);
        },
      },
    ),

    DeleteApi: action(
      { ApiId: apiId },
      {
        resources: ({ ApiId }, caller) => managed(caller, `/${ApiId}`),
        evidence,
        run({ ApiId }) {
          apis.all.delete(apis.find(ApiId).id);
          return {};
        },
      },
    ),

    ...integrationActions(apis),
    ...routeActions(apis),
    ...stageActions(apis),
    ...tagActions(apis),
  };
}

const shown = ({ members, tags }: Api): JsonObject => ({ ...members, Tags: Object.fromEntries(tags) });

const createApi = (apis: Apis): UnboundAction =>
  action(
    {
      ...settings,
      ProtocolType: required(text()),
      Tags: tagMap,
      Target: optional(text()),
      RouteKey: withDefault(text(), '$default'),
    },
    {
      resources: (_request, caller) => managed(caller, ''),
      evidence: 'documented',
      run({ ProtocolType, Tags, Target, RouteKey, ...members }) {
        if (ProtocolType !== 'HTTP') {
          throw new AwsError('BadRequestException', `ProtocolType ${ProtocolType} is not here, only HTTP`);
        }
        const id = apis.newId(10);
        const api: Api = {
          id,
          members: {
            RouteSelectionExpression: '$request.method $request.path',
            ApiKeySelectionExpression: '$request.header.x-api-key',
            DisableExecuteApiEndpoint: false,
            ...given(members),
            ProtocolType,
            ApiId: id,
            ApiEndpoint: `${apis.world.endpoint()}/_aws/execute-api/${id}`,
            CreatedDate: apis.now(),
          },
          tags: addTags(new Map(), Tags),
          integrations: new Map(),
          routes: new Map(),
          stages: new Map(),
        };
        if (Target !== undefined) quickCreate(apis, api, Target, RouteKey);
        apis.all.set(id, api);
        return shown(api);
      },
    },
  );

/** CreateApi with a Target makes the route, the integration and the stage too. */
function quickCreate(apis: Apis, api: Api, target: string, routeKey: string): void {
  const integration = makeIntegration(apis.newId(7), { IntegrationType: 'AWS_PROXY', IntegrationUri: target });
  const route = makeRoute(apis.newId(7), { RouteKey: routeKey, Target: `integrations/${integration.IntegrationId}` });
  api.integrations.set(integration.IntegrationId, integration);
  api.routes.set(route.members.RouteId, route);
  api.stages.set('$default', { StageName: '$default', AutoDeploy: true, CreatedDate: apis.now() });
}

/** Tags of APIs; those of stages are not kept. */
function tagActions(apis: Apis): Record<string, UnboundAction> {
  const evidence = 'documented';
  const ResourceArn = required(text({ min: 1 }));
  const tagsOf = (arn: string): Map<string, string> => {
    const [, id, more] = /\/apis\/([^/]+)(.*)$/.exec(arn) ?? [];
    return id === undefined || more !== '' ? new Map<string, string>() : apis.find(id).tags;
  };
  return {
    TagResource: action(
      { ResourceArn, Tags: required(mapOf(text({ max: 256 }))) },
      {
        resources: (request) => [request.ResourceArn],
        evidence,
        run({ ResourceArn, Tags }) {
          addTags(tagsOf(ResourceArn), Tags);
          return {};
        },
      },
    ),
    UntagResource: action(
      { ResourceArn, TagKeys: tagKeys },
      {
        resources: (request) => [request.ResourceArn],
        evidence,
        run({ ResourceArn, TagKeys }) {
          removeTags(tagsOf(ResourceArn), TagKeys);
          return {};
        },
      },
    ),
    GetTags: action(
      { ResourceArn },
      {
        resources: (request) => [request.ResourceArn],
        evidence,
        run: ({ ResourceArn }) => ({ Tags: Object.fromEntries(tagsOf(ResourceArn)) }),
      },
    ),
  };
}
