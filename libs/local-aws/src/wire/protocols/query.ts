import type { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject, ServiceId } from '../../kernel/service.ts';
import { header, type HttpAnswer, type HttpRequest } from '../../kernel/http.ts';
import { parseForm } from './form.ts';
import { toXml } from './xml.ts';

/** The API versions of the services that speak the query protocol: they tell whose action it is where nothing else does. */
const VERSIONS: Readonly<Record<string, { service: ServiceId; namespace: string }>> = {
  '2010-03-31': { service: 'sns', namespace: 'http://sns.amazonaws.com/doc/2010-03-31/' },
  '2011-06-15': { service: 'sts', namespace: 'https://sts.amazonaws.com/doc/2011-06-15/' },
  '2010-05-08': { service: 'iam', namespace: 'https://iam.amazonaws.com/doc/2010-05-08/' },
  '2010-08-01': { service: 'cloudwatch', namespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/' },
  '2016-11-15': { service: 'ec2', namespace: 'http://ec2.amazonaws.com/doc/2016-11-15/' },
};

export interface QueryCall {
  readonly service: ServiceId;
  readonly action: string;
  readonly version: string;
  readonly input: JsonObject;
}

/** Whether a request is made in the query protocol, of whatever service. */
export const isForm = (request: HttpRequest): boolean =>
  header(request, 'content-type')?.startsWith('application/x-www-form-urlencoded') === true;

/** Undefined where the request is not of the query protocol, or of a service that is not here. */
export function parseQuery(request: HttpRequest): QueryCall | undefined {
  const text = isForm(request) ? request.body.toString('utf8') : request.query;
  if (!text.includes('Action=')) return undefined;
  const { Action, Version, ...members } = Object.fromEntries(new URLSearchParams(text));
  const service = VERSIONS[Version ?? '']?.service;
  if (Action === undefined || Version === undefined || service === undefined) return undefined;
  return { service, action: Action, version: Version, input: parseForm(service, members) };
}

export function queryAnswer(
  { service, action, version }: QueryCall,
  output: JsonObject,
  requestId: string,
): HttpAnswer {
  const namespace = VERSIONS[version]?.namespace ?? '';
  const body =
    service === 'ec2'
      ? `<requestId>${requestId}</requestId>${toXml(output, 'ec2')}`
      : `<${action}Result>${toXml(output, service)}</${action}Result>` +
        `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return xml(200, `<${action}Response xmlns="${namespace}">${body}</${action}Response>`);
}

/** A call that names an action of a service that is not here is refused as most services would. */
export function queryRefusal({ service, version }: Partial<QueryCall>, error: AwsError, requestId: string): HttpAnswer {
  const fault = error.status < 500 ? 'Sender' : 'Receiver';
  if (service === 'ec2') {
    const members = toXml({ Code: error.code, Message: error.message }, 'sns');
    return xml(
      error.status,
      `<Response><Errors><Error>${members}</Error></Errors><RequestID>${requestId}</RequestID></Response>`,
    );
  }
  const members = toXml({ Type: fault, Code: error.code, Message: error.message }, 'sns');
  const namespace = VERSIONS[version ?? '']?.namespace ?? '';
  return xml(
    error.status,
    `<ErrorResponse xmlns="${namespace}"><Error>${members}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  );
}

const xml = (status: number, body: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
});
