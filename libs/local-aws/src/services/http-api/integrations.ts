import { action, type UnboundAction } from '../../kit/action.ts';
import { integer, mapOf, opaque, optional, required, text, type Members } from '../../kit/reader.ts';
import { apiId, given, managed, notFound, type Apis } from './api-store.ts';

const settings = {
  ConnectionId: optional(text()),
  ConnectionType: optional(text()),
  ContentHandlingStrategy: optional(text()),
  CredentialsArn: optional(text()),
  Description: optional(text()),
  IntegrationMethod: optional(text()),
  IntegrationSubtype: optional(text()),
  IntegrationType: optional(text()),
  IntegrationUri: optional(text()),
  PassthroughBehavior: optional(text()),
  PayloadFormatVersion: optional(text()),
  RequestParameters: optional(mapOf(text())),
  RequestTemplates: optional(mapOf(text())),
  ResponseParameters: optional(opaque),
  TemplateSelectionExpression: optional(text()),
  /** [documented: HTTP APIs, "Quotas": 50 ms to 30 s] */
  TimeoutInMillis: optional(integer({ min: 50, max: 30_000 })),
  TlsConfig: optional(opaque),
};

/** What runs behind a route: its members in API Gateway's names. */
export interface Integration extends Partial<Members<typeof settings>> {
  readonly IntegrationId: string;
  readonly TimeoutInMillis: number;
}

export const makeIntegration = (
  IntegrationId: string,
  { TimeoutInMillis = 30_000, ...members }: Partial<Members<typeof settings>>,
): Integration => ({ PayloadFormatVersion: '2.0', ...given(members), TimeoutInMillis, IntegrationId });

export function integrationActions(apis: Apis): Record<string, UnboundAction> {
  const evidence = 'documented';
  const one = { ApiId: apiId, IntegrationId: required(text({ min: 1 })) };
  const find = (api: string, id: string): Integration => {
    const found = apis.find(api).integrations.get(id);
    if (found === undefined) throw notFound('Integration', id);
    return found;
  };
  const put = (api: string, integration: Integration) => {
    apis.find(api).integrations.set(integration.IntegrationId, integration);
    return { ...integration };
  };
  return {
    CreateIntegration: action(
      { ApiId: apiId, ...settings },
      {
        resources: ({ ApiId }, caller) => managed(caller, `/${ApiId}/integrations`),
        evidence,
        run: ({ ApiId, ...members }) => put(ApiId, makeIntegration(apis.newId(7), members)),
      },
    ),
    GetIntegration: action(one, {
      resources: ({ ApiId, IntegrationId }, caller) => managed(caller, `/${ApiId}/integrations/${IntegrationId}`),
      evidence,
      run: ({ ApiId, IntegrationId }) => ({ ...find(ApiId, IntegrationId) }),
    }),
    GetIntegrations: action(
      { ApiId: apiId },
      {
        resources: ({ ApiId }, caller) => managed(caller, `/${ApiId}/integrations`),
        evidence,
        run: ({ ApiId }) => ({ Items: [...apis.find(ApiId).integrations.values()] }),
      },
    ),
    UpdateIntegration: action(
      { ...one, ...settings },
      {
        resources: ({ ApiId, IntegrationId }, caller) => managed(caller, `/${ApiId}/integrations/${IntegrationId}`),
        evidence,
        run: ({ ApiId, IntegrationId, ...changes }) => put(ApiId, { ...find(ApiId, IntegrationId), ...given(changes) }),
      },
    ),
    DeleteIntegration: action(one, {
      resources: ({ ApiId, IntegrationId }, caller) => managed(caller, `/${ApiId}/integrations/${IntegrationId}`),
      evidence,
      run({ ApiId, IntegrationId }) {
        find(ApiId, IntegrationId);
        apis.find(ApiId).integrations.delete(IntegrationId);
        return {};
      },
    }),
  };
}
