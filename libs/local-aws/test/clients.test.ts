import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLocalAws, type LocalAws } from '../src/local-aws.ts';

const run = promisify(execFile);
const absent = (program: string, ...args: string[]): boolean => spawnSync(program, args).status !== 0;
const noBoto3 = absent('python3', '-c', 'import boto3') ? ' (skipped: needs boto3: pip install boto3)' : '';
const noCli = absent('aws', '--version') ? ' (skipped: needs the AWS CLI, "aws", on PATH)' : '';

let aws: LocalAws;
let environment: NodeJS.ProcessEnv;
beforeAll(async () => {
  aws = createLocalAws();
  const zip = zipSync({ 'handler.mjs': strToU8('export const handler = async (event) => event;') });
  environment = {
    PATH: process.env['PATH'],
    HOME: aws.world.folder,
    AWS_ENDPOINT_URL: await aws.listen(),
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    FUNCTION_ZIP: Buffer.from(zip).toString('base64'),
  };
});
afterAll(() => aws.close());

/** Ordinary calls of ordinary clients; each line of output is an expectation below. */
const WALK = `
import base64, boto3, json, os
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session
def refusal(call):
    try: call()
    except Exception as error: return error.response['Error']['Code']
lambda_, dynamodb, api = boto3.client('lambda'), boto3.client('dynamodb'), boto3.client('apigatewayv2')
session = boto3.client('sts').assume_role(RoleArn='arn:aws:iam::123456789012:role/r', RoleSessionName='i-0abc')
print(session['AssumedRoleUser']['Arn'])

arn = lambda_.create_function(FunctionName='echo', Runtime='nodejs22.x', Handler='handler.handler',
    Role=boto3.client('iam').create_role(RoleName='r', AssumeRolePolicyDocument=json.dumps({'Statement': [
        {'Effect': 'Allow', 'Principal': {'Service': 'lambda.amazonaws.com'}, 'Action': 'sts:AssumeRole'}]}))['Role']['Arn'],
    Code={'ZipFile': base64.b64decode(os.environ['FUNCTION_ZIP'])})['FunctionArn']
lambda_.get_waiter('function_active_v2').wait(FunctionName='echo')
print(lambda_.invoke(FunctionName='echo', Payload='{"a": 1}')['Payload'].read().decode())
print(refusal(lambda: lambda_.invoke(FunctionName='nobody')))
print('START' in boto3.client('logs').filter_log_events(logGroupName='/aws/lambda/echo')['events'][0]['message'])

dynamodb.create_table(TableName='items', BillingMode='PAY_PER_REQUEST', KeySchema=[{'AttributeName': 'id', 'KeyType': 'HASH'}],
    AttributeDefinitions=[{'AttributeName': 'id', 'AttributeType': 'S'}])
dynamodb.get_waiter('table_exists').wait(TableName='items')
put = lambda: dynamodb.put_item(TableName='items', Item={'id': {'S': 'a'}, 'blob': {'B': b'x'}}, ConditionExpression='attribute_not_exists(id)',
    ReturnValuesOnConditionCheckFailure='ALL_OLD')
put()
try: put()
except dynamodb.exceptions.ConditionalCheckFailedException as error: print(error.response['Item']['blob']['B'])

made = api.create_api(Name='a', ProtocolType='HTTP')
target = api.create_integration(ApiId=made['ApiId'], IntegrationType='AWS_PROXY', IntegrationUri=arn, PayloadFormatVersion='2.0')
api.create_route(ApiId=made['ApiId'], RouteKey='POST /{id}', AuthorizationType='AWS_IAM', Target='integrations/' + target['IntegrationId'])
api.create_stage(ApiId=made['ApiId'], StageName='$default', AutoDeploy=True)
request = AWSRequest('POST', made['ApiEndpoint'] + '/x%20y', data=b'{}', params={'b': '2', 'a': 'ü /'}, headers={'content-type': 'application/json'})
keys = session['Credentials']
credentials = boto3.Session(keys['AccessKeyId'], keys['SecretAccessKey'], keys['SessionToken']).get_credentials()
SigV4Auth(credentials, 'execute-api', 'us-east-1').add_auth(request)
event = json.loads(URLLib3Session().send(request.prepare()).content)
print(event['pathParameters']['id'], event['queryStringParameters']['a'], event['requestContext']['authorizer']['iam']['userArn'])
`;

test.skipIf(noBoto3 !== '')(`boto3 works unmodified${noBoto3}`, { timeout: 60_000 }, async () => {
  const { stdout } = await run('python3', ['-c', WALK], { env: environment });
  expect(stdout.trim().split('\n')).toEqual([
    'arn:aws:sts::123456789012:assumed-role/r/i-0abc',
    '{"a":1}',
    'ResourceNotFoundException',
    'True',
    "b'x'",
    'x y ü / arn:aws:sts::123456789012:assumed-role/r/i-0abc',
  ]);
});

test.skipIf(noCli !== '')(`the aws CLI works unmodified${noCli}`, { timeout: 60_000 }, async () => {
  const cli = async (...args: string[]): Promise<unknown> => {
    const { stdout } = await run('aws', ['--output', 'json', ...args], { env: environment });
    return stdout === '' ? undefined : JSON.parse(stdout);
  };
  expect(await cli('sts', 'get-caller-identity')).toMatchObject({ Arn: 'arn:aws:iam::123456789012:root' });
  const { TopicArn } = (await cli('sns', 'create-topic', '--name', 't', '--tags', 'Key=a,Value=b')) as {
    TopicArn: string;
  };
  expect(await cli('sns', 'list-tags-for-resource', '--resource-arn', TopicArn)).toEqual({
    Tags: [{ Key: 'a', Value: 'b' }],
  });
  const trust = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const document = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  const role = ['--role-name', 'hosts', '--assume-role-policy-document', document];
  await cli('iam', 'create-role', ...role);
  await cli('iam', 'create-instance-profile', '--instance-profile-name', 'hosts');
  const member = ['--instance-profile-name', 'hosts', '--role-name', 'hosts'];
  await cli('iam', 'add-role-to-instance-profile', ...member);
  const launch = ['run-instances', '--image-id', 'ami-1', '--count', '1', '--iam-instance-profile', 'Name=hosts'];
  expect(await cli('ec2', ...launch)).toMatchObject({ Instances: [{ State: { Name: 'running' } }] });
  const filters = ['--filters', 'Name=instance-state-name,Values=running'];
  expect(await cli('ec2', 'describe-instances', ...filters)).toMatchObject({
    Reservations: [{ Instances: [{ State: { Name: 'running' } }] }],
  });
  await expect(cli('ec2', 'describe-vpcs')).rejects.toThrow('UnknownOperationException');
});

test.skipIf(noCli !== '')(`the aws CLI copies files to S3 and back${noCli}`, { timeout: 60_000 }, async () => {
  const cli = (...args: string[]) => run('aws', ['--output', 'json', ...args], { env: environment });
  const file = join(aws.world.folder, 'archive');
  // Over 8 MB the CLI sends a file in parts, and fetches it in ranges.
  writeFileSync(file, Buffer.alloc(9 * 1024 * 1024, 'archive <&> '));
  await cli('s3', 'mb', 's3://artifacts');
  await cli('s3', 'cp', file, 's3://artifacts/releases/1 & 2.tar.gz');
  expect((await cli('s3', 'ls', '--recursive', 's3://artifacts')).stdout).toMatch(/ 9437184 releases\/1 & 2\.tar\.gz/);
  await cli('s3', 'cp', 's3://artifacts/releases/1 & 2.tar.gz', `${file}.back`);
  expect(readFileSync(`${file}.back`).equals(readFileSync(file))).toBe(true);
  await expect(cli('s3api', 'head-object', '--bucket', 'artifacts', '--key', 'none')).rejects.toThrow('404');
  expect((await cli('s3api', 'get-bucket-acl', '--bucket', 'artifacts')).stdout).toContain('FULL_CONTROL');
  await expect(cli('s3api', 'get-bucket-policy-status', '--bucket', 'artifacts')).rejects.toThrow(
    's3 has no action Get ?policyStatus here',
  );
  await cli('s3', 'rb', '--force', 's3://artifacts');
  expect(JSON.parse((await cli('s3api', 'list-buckets')).stdout)).toMatchObject({ Buckets: [] });
});
