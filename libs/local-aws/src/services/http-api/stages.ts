import { AwsError } from '../../kernel/aws-error.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { flag, mapOf, opaque, optional, required, text, type Members } from '../../kit/reader.ts';
import { tagMap } from '../../kit/tags.ts';
import { apiId, given, managed, notFound, type Apis } from './api-store.ts';

const settings = {
  AccessLogSettings: optional(opaque),
  AutoDeploy: optional(flag),
  ClientCertificateId: optional(text()),
  DefaultRouteSettings: optional(opaque),
  DeploymentId: optional(text()),
  Description: optional(text({ max: 1024 })),
  RouteSettings: optional(opaque),
  StageVariables: optional(mapOf(text())),
};

/** A stage: its members in API Gateway's names. */
export interface Stage extends Partial<Members<typeof settings>> {
  readonly StageName: string;
  readonly CreatedDate: string;
  readonly Tags?: Readonly<Record<string, string>> | undefined;
}

export function stageActions(apis: Apis): Record<string, UnboundAction> {
  const evidence = 'documented';
  const one = { ApiId: apiId, StageName: required(text({ min: 1, max: 128 })) };
  const find = (api: string, name: string): Stage => {
    const stage = apis.find(api).stages.get(name);
    if (stage === undefined) throw notFound('Stage', name);
    return stage;
  };
  const put = (api: string, stage: Stage) => {
    apis.find(api).stages.set(stage.StageName, stage);
    return { ...stage };
  };
  return {
    CreateStage: action(
      { ...one, ...settings, Tags: tagMap },
      {
        resources: ({ ApiId }, caller) => managed(caller, `/${ApiId}/stages`),
        evidence,
        run({ ApiId, StageName, ...members }) {
          if (apis.find(ApiId).stages.has(StageName)) {
            throw new AwsError('ConflictException', 'Stage already exists', 409);
          }
          return put(ApiId, { AutoDeploy: false, ...given(members), StageName, CreatedDate: apis.now() });
        },
      },
    ),
    GetStage: action(one, {
      resources: ({ ApiId, StageName }, caller) => managed(caller, `/${ApiId}/stages/${StageName}`),
      evidence,
      run: ({ ApiId, StageName }) => ({ ...find(ApiId, StageName) }),
    }),
    GetStages: action(
      { ApiId: apiId },
      {
        resources: ({ ApiId }, caller) => managed(caller, `/${ApiId}/stages`),
        evidence,
        run: ({ ApiId }) => ({ Items: [...apis.find(ApiId).stages.values()] }),
      },
    ),
    UpdateStage: action(
      { ...one, ...settings },
      {
        resources: ({ ApiId, StageName }, caller) => managed(caller, `/${ApiId}/stages/${StageName}`),
        evidence,
        run: ({ ApiId, StageName, ...changes }) => put(ApiId, { ...find(ApiId, StageName), ...given(changes) }),
      },
    ),
    DeleteStage: action(one, {
      resources: ({ ApiId, StageName }, caller) => managed(caller, `/${ApiId}/stages/${StageName}`),
      evidence,
      run({ ApiId, StageName }) {
        find(ApiId, StageName);
        apis.find(ApiId).stages.delete(StageName);
        return {};
      },
    }),
  };
}
