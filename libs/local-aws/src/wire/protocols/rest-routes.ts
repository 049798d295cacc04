import type { ServiceId } from '../../kernel/service.ts';

/** How a REST-JSON action is put on the wire. */
export interface RestRoute {
  readonly service: ServiceId;
  readonly action: string;
  readonly method: string;
  /** E.g. `/v2/apis/{ApiId}`; names in braces are members of the input. */
  readonly path: string;
  readonly status: number;
}

const routes = (service: ServiceId, table: string): RestRoute[] =>
  table
    .trim()
    .split('\n')
    .map((line) => {
      const [action, method, path, status] = line.trim().split(/\s+/) as [string, string, string, string?];
      return { service, action, method, path, status: Number(status ?? 200) };
    });

/** As the API models of Lambda (2015-03-31), API Gateway V2 (2018-11-29) and SES V2 (2019-09-27) have them. */
export const REST_ROUTES: readonly RestRoute[] = [
  ...routes(
    'lambda',
    `
    Invoke                            POST   /2015-03-31/functions/{FunctionName}/invocations
    CreateFunction                    POST   /2015-03-31/functions 201
    ListFunctions                     GET    /2015-03-31/functions
    GetFunction                       GET    /2015-03-31/functions/{FunctionName}
    DeleteFunction                    DELETE /2015-03-31/functions/{FunctionName} 204
    GetFunctionConfiguration          GET    /2015-03-31/functions/{FunctionName}/configuration
    UpdateFunctionConfiguration       PUT    /2015-03-31/functions/{FunctionName}/configuration
    UpdateFunctionCode                PUT    /2015-03-31/functions/{FunctionName}/code
    PublishVersion                    POST   /2015-03-31/functions/{FunctionName}/versions 201
    ListVersionsByFunction            GET    /2015-03-31/functions/{FunctionName}/versions
    CreateAlias                       POST   /2015-03-31/functions/{FunctionName}/aliases 201
    ListAliases                       GET    /2015-03-31/functions/{FunctionName}/aliases
    GetAlias                          GET    /2015-03-31/functions/{FunctionName}/aliases/{Name}
    UpdateAlias                       PUT    /2015-03-31/functions/{FunctionName}/aliases/{Name}
    DeleteAlias                       DELETE /2015-03-31/functions/{FunctionName}/aliases/{Name} 204
    AddPermission                     POST   /2015-03-31/functions/{FunctionName}/policy 201
    GetPolicy                         GET    /2015-03-31/functions/{FunctionName}/policy
    RemovePermission                  DELETE /2015-03-31/functions/{FunctionName}/policy/{StatementId} 204
    PutFunctionConcurrency            PUT    /2017-10-31/functions/{FunctionName}/concurrency
    DeleteFunctionConcurrency         DELETE /2017-10-31/functions/{FunctionName}/concurrency 204
    GetFunctionConcurrency            GET    /2019-09-30/functions/{FunctionName}/concurrency
    PutFunctionEventInvokeConfig      PUT    /2019-09-25/functions/{FunctionName}/event-invoke-config
    UpdateFunctionEventInvokeConfig   POST   /2019-09-25/functions/{FunctionName}/event-invoke-config
    GetFunctionEventInvokeConfig      GET    /2019-09-25/functions/{FunctionName}/event-invoke-config
    DeleteFunctionEventInvokeConfig   DELETE /2019-09-25/functions/{FunctionName}/event-invoke-config 204
    GetFunctionCodeSigningConfig      GET    /2020-06-30/functions/{FunctionName}/code-signing-config
    CreateEventSourceMapping          POST   /2015-03-31/event-source-mappings 202
    ListEventSourceMappings           GET    /2015-03-31/event-source-mappings
    GetEventSourceMapping             GET    /2015-03-31/event-source-mappings/{UUID}
    UpdateEventSourceMapping          PUT    /2015-03-31/event-source-mappings/{UUID} 202
    DeleteEventSourceMapping          DELETE /2015-03-31/event-source-mappings/{UUID} 202
    ListTags                          GET    /2017-03-31/tags/{Resource}
    TagResource                       POST   /2017-03-31/tags/{Resource} 204
    UntagResource                     DELETE /2017-03-31/tags/{Resource} 204`,
  ),
  ...routes(
    'apigateway',
    `
    CreateApi          POST   /v2/apis 201
    GetApis            GET    /v2/apis
    GetApi             GET    /v2/apis/{ApiId}
    UpdateApi          PATCH  /v2/apis/{ApiId}
    DeleteApi          DELETE /v2/apis/{ApiId} 204
    CreateIntegration  POST   /v2/apis/{ApiId}/integrations 201
    GetIntegrations    GET    /v2/apis/{ApiId}/integrations
    GetIntegration     GET    /v2/apis/{ApiId}/integrations/{IntegrationId}
    UpdateIntegration  PATCH  /v2/apis/{ApiId}/integrations/{IntegrationId}
    DeleteIntegration  DELETE /v2/apis/{ApiId}/integrations/{IntegrationId} 204
    CreateRoute        POST   /v2/apis/{ApiId}/routes 201
    GetRoutes          GET    /v2/apis/{ApiId}/routes
    GetRoute           GET    /v2/apis/{ApiId}/routes/{RouteId}
    UpdateRoute        PATCH  /v2/apis/{ApiId}/routes/{RouteId}
    DeleteRoute        DELETE /v2/apis/{ApiId}/routes/{RouteId} 204
    CreateStage        POST   /v2/apis/{ApiId}/stages 201
    GetStages          GET    /v2/apis/{ApiId}/stages
    GetStage           GET    /v2/apis/{ApiId}/stages/{StageName}
    UpdateStage        PATCH  /v2/apis/{ApiId}/stages/{StageName}
    DeleteStage        DELETE /v2/apis/{ApiId}/stages/{StageName} 204
    TagResource        POST   /v2/tags/{ResourceArn} 201
    UntagResource      DELETE /v2/tags/{ResourceArn} 204
    GetTags            GET    /v2/tags/{ResourceArn}`,
  ),
  ...routes(
    'ses',
    `
    SendEmail                              POST   /v2/email/outbound-emails
    GetAccount                             GET    /v2/email/account
    PutAccountDetails                      POST   /v2/email/account/details
    CreateEmailIdentity                    POST   /v2/email/identities
    ListEmailIdentities                    GET    /v2/email/identities
    GetEmailIdentity                       GET    /v2/email/identities/{EmailIdentity}
    DeleteEmailIdentity                    DELETE /v2/email/identities/{EmailIdentity}
    CreateConfigurationSet                 POST   /v2/email/configuration-sets
    GetConfigurationSet                    GET    /v2/email/configuration-sets/{ConfigurationSetName}
    DeleteConfigurationSet                 DELETE /v2/email/configuration-sets/{ConfigurationSetName}
    CreateConfigurationSetEventDestination POST   /v2/email/configuration-sets/{ConfigurationSetName}/event-destinations
    GetConfigurationSetEventDestinations   GET    /v2/email/configuration-sets/{ConfigurationSetName}/event-destinations
    UpdateConfigurationSetEventDestination PUT    /v2/email/configuration-sets/{ConfigurationSetName}/event-destinations/{EventDestinationName}
    DeleteConfigurationSetEventDestination DELETE /v2/email/configuration-sets/{ConfigurationSetName}/event-destinations/{EventDestinationName}
    ListTagsForResource                    GET    /v2/email/tags
    TagResource                            POST   /v2/email/tags
    UntagResource                          DELETE /v2/email/tags`,
  ),
];
