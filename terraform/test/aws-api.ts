/** Asks an imitation of AWS what it holds. The signature is for show: it names the service, and nobody checks it. */

export interface AwsApi {
  /** An operation of a JSON protocol, such as `json('AWSEvents.DescribeRule', { Name })`. */
  json(target: string, input: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** A resource of a REST protocol, such as `rest('lambda', '/2015-03-31/functions')`. */
  rest(service: string, path: string): Promise<Answer>;
  /** An operation of the Query protocol, such as `query('ec2', { Action: 'DescribeInstances', Version })`. Returns XML. */
  query(service: string, input: Readonly<Record<string, string>>): Promise<string>;
}

/** Responses are only read and compared: they need no more type than this. */
export type Answer = Readonly<Record<string, unknown>>;

const services: Readonly<Record<string, string>> = {
  AWSEvents: 'events',
  AWSStepFunctions: 'states',
  AmazonSSM: 'ssm',
  AmazonSQS: 'sqs',
  DynamoDB_20120810: 'dynamodb',
  Logs_20140328: 'logs',
  TrentService: 'kms',
};

export function awsApi(endpoint: string): AwsApi {
  const ask = async (service: string, path: string, init: RequestInit): Promise<string> => {
    const authorization = `AWS4-HMAC-SHA256 Credential=test/20200101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
    const response = await fetch(endpoint + path, { ...init, headers: { ...init.headers, authorization } });
    const text = await response.text();
    if (!response.ok) throw new Error(`${service} ${path} answered ${response.status}: ${text}`);
    return text;
  };
  const parse = (text: string) => JSON.parse(text) as Answer;
  return {
    json: (target, input) => {
      const service = services[target.split('.')[0] ?? ''];
      if (service === undefined) throw new Error(`no service is known for ${target}`);
      return ask(service, '/', {
        method: 'POST',
        headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' },
        body: JSON.stringify(input),
      }).then(parse);
    },
    rest: (service, path) => ask(service, path, { method: 'GET' }).then(parse),
    query: (service, input) => ask(service, '/', { method: 'POST', body: new URLSearchParams(input) }),
  };
}
