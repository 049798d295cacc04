/** A request to AWS. */
export interface AwsRequest {
  readonly method: string;
  readonly path: string;
  /** The header x-amz-target of the JSON protocols. */
  readonly target: string | undefined;
  readonly body: string;
  readonly authorization: string;
}

/** Lambda's REST operations, in the order in which a path is looked up. */
const lambda: readonly (readonly [RegExp, Readonly<Record<string, string>>])[] = [
  [
    /^\/[\d-]+\/event-source-mappings\/[^/]+$/,
    { GET: 'GetEventSourceMapping', PUT: 'UpdateEventSourceMapping', DELETE: 'DeleteEventSourceMapping' },
  ],
  [/^\/[\d-]+\/event-source-mappings\/?$/, { POST: 'CreateEventSourceMapping' }],
  [/^\/[\d-]+\/tags\//, { GET: 'ListTags', POST: 'TagResource', DELETE: 'UntagResource' }],
  [
    /\/event-invoke-config$/,
    {
      GET: 'GetFunctionEventInvokeConfig',
      PUT: 'PutFunctionEventInvokeConfig',
      POST: 'UpdateFunctionEventInvokeConfig',
      DELETE: 'DeleteFunctionEventInvokeConfig',
    },
  ],
  [/\/code-signing-config$/, { GET: 'GetFunctionCodeSigningConfig' }],
  [
    /\/concurrency$/,
    { GET: 'GetFunctionConcurrency', PUT: 'PutFunctionConcurrency', DELETE: 'DeleteFunctionConcurrency' },
  ],
  [/\/policy\/[^/]+$/, { DELETE: 'RemovePermission' }],
  [/\/policy$/, { GET: 'GetPolicy', POST: 'AddPermission' }],
  [/\/aliases\/[^/]+$/, { GET: 'GetAlias', PUT: 'UpdateAlias', DELETE: 'DeleteAlias' }],
  [/\/aliases$/, { POST: 'CreateAlias' }],
  [/\/versions$/, { GET: 'ListVersionsByFunction', POST: 'PublishVersion' }],
  [/\/configuration$/, { GET: 'GetFunctionConfiguration', PUT: 'UpdateFunctionConfiguration' }],
  [/\/code$/, { PUT: 'UpdateFunctionCode' }],
  [/\/functions\/[^/]+$/, { GET: 'GetFunction', DELETE: 'DeleteFunction' }],
  [/\/functions$/, { POST: 'CreateFunction' }],
];

/** The action of IAM that allows a request: `lambda:GetFunction`. The service is the one that the request was signed for. */
export function operationOf({ method, path, target, body, authorization }: AwsRequest): string {
  const service = /\/([a-z0-9-]+)\/aws4_request/.exec(authorization)?.[1] ?? 'unknown';
  const [route = ''] = path.split('?');
  const query = /(?:^|&)Action=(\w+)/.exec(body)?.[1];
  const name =
    target?.split('.')[1] ??
    query ??
    (service === 'lambda' ? lambda.find(([of]) => of.test(route))?.[1][method] : method);
  return `${service === 'monitoring' ? 'cloudwatch' : service}:${name ?? `${method} ${route}`}`;
}
