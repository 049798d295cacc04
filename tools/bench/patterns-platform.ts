/** The platform that the patterns are measured on: a host, an approver, a partner, and the least of each kind of workflow. */
import { createLocalAws, type LocalAws } from '@baton/local-aws';
import { deployPlatform, launchHost, names, type Deployment } from '@baton/local-platform';
import { watch, type Watch } from '@baton/local-platform/testing';
import type { AwsConnection } from '@baton/token-lib/aws';
import { strToU8, zipSync } from 'fflate';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const approver = 'ann@example.com';
export const hostId = 'i-0ba70000000000001';

export interface Platform extends Watch {
  readonly aws: LocalAws;
  readonly deployment: Deployment;
  /** Where the jobs of the host run. */
  readonly hostFolder: string;
  readonly partner: Partner;
  close(): Promise<void>;
}

interface Partner {
  readonly url: string;
  readonly callbackUrls: string[];
  close(): void;
}

export async function openPlatform(): Promise<Platform> {
  const aws = createLocalAws();
  const seen = watch(aws);
  await aws.listen();
  const deployment = await deployPlatform(aws);
  const hostFolder = mkdtempSync(join(tmpdir(), 'bench-host-'));
  await launchHost(aws, { endpoint: deployment.endpoint, instanceId: hostId, folder: hostFolder });
  await subscribeApprover(aws, deployment);
  const partner = await startPartner();
  return {
    ...seen,
    aws,
    deployment,
    hostFolder,
    partner,
    async close() {
      partner.close();
      await aws.close();
      rmSync(hostFolder, { recursive: true, force: true });
    },
  };
}

/** Makes a function of this module; answers its name. */
export async function createFunction({ aws }: Platform, FunctionName: string, code: string): Promise<string> {
  await aws.call('lambda:CreateFunction', {
    FunctionName,
    Runtime: 'nodejs22.x',
    Role: `arn:aws:iam::${aws.world.accountId}:role/${names.workerRole}`,
    Handler: 'main.handler',
    Code: { ZipFile: zipSync({ 'main.mjs': strToU8(code) }) },
  });
  return FunctionName;
}

/** How a worker reaches the platform; this process is one from now on. */
export function workerConnection({ aws }: Platform): AwsConnection {
  const { accessKeyId, secretAccessKey, session } = aws.world.credentials.issue({
    roleArn: `arn:aws:iam::${aws.world.accountId}:role/${names.workerRole}`,
    sessionName: 'bench',
    durationSeconds: 3600,
  });
  const environment = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: session.token,
  };
  Object.assign(process.env, environment);
  return {
    region: aws.world.region,
    endpointOf: () => aws.world.endpoint(),
    timeout: 30_000,
  };
}

export async function createMachine(aws: LocalAws, name: string, task: object): Promise<string> {
  const definition = JSON.stringify({
    StartAt: 'Wait',
    States: { Wait: { Type: 'Task', ...task, TimeoutSeconds: 600, Next: 'After' }, After: { Type: 'Pass', End: true } },
  });
  const roleArn = `arn:aws:iam::${aws.world.accountId}:role/bench`;
  return String((await aws.call('states:CreateStateMachine', { name, definition, roleArn }))['stateMachineArn']);
}

export const createDispatching = ({ aws, deployment }: Platform, name: string, work: object): Promise<string> =>
  createMachine(aws, name, {
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Parameters: {
      FunctionName: deployment.dispatcherFunctionArn,
      Payload: {
        'taskToken.$': '$$.Task.Token',
        context: {
          'executionArn.$': '$$.Execution.Id',
          'state.$': '$$.State.Name',
          'enteredTime.$': '$$.State.EnteredTime',
          'retryCount.$': '$$.State.RetryCount',
        },
        work: { ...work, timeoutSeconds: 600 },
      },
    },
  });

export const start = async (aws: LocalAws, stateMachineArn: string): Promise<string> =>
  String((await aws.call('states:StartExecution', { stateMachineArn, input: '{}' }))['executionArn']);

/** Resolves with the callbackId when the dispatcher has handed the work over and stored that it has. */
export async function dispatched({ when, calls }: Platform, execution: string): Promise<string> {
  const item = await when(() => {
    const texts = calls.filter(({ action }) => action === 'PutItem').map(({ input }) => JSON.stringify(input));
    return texts.find((text) => text.includes('"Dispatched"') && text.includes(execution));
  });
  return /"callbackId":\{"S":"(\w+)"/.exec(item)?.[1] ?? '';
}

export async function receive(aws: LocalAws, QueueUrl: string): Promise<string> {
  const { Messages } = await aws.call('sqs:ReceiveMessage', { QueueUrl, WaitTimeSeconds: 10 });
  const [message] = (Messages ?? []) as { Body: string; ReceiptHandle: string }[];
  if (!message) throw new Error(`no message came to ${QueueUrl}`);
  await aws.call('sqs:DeleteMessage', { QueueUrl, ReceiptHandle: message.ReceiptHandle });
  return message.Body;
}

export async function post(aws: LocalAws, target: string, body: object): Promise<void> {
  const answer = await fetch(aws.world.endpoint(), {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/states/aws4_request, SignedHeaders=host, Signature=00',
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${target}: ${answer.status} ${await answer.text()}`);
}

async function subscribeApprover(aws: LocalAws, { noticeTopicArn: TopicArn }: Deployment): Promise<void> {
  const Attributes = { FilterPolicy: JSON.stringify({ email: [approver] }) };
  await aws.call('sns:Subscribe', { TopicArn, Protocol: 'email', Endpoint: approver, Attributes });
  const asked = new URL(String(aws.sns.outbox.at(-1)?.confirmUrl));
  await aws.call('sns:ConfirmSubscription', { TopicArn, Token: asked.searchParams.get('Token') });
}

async function startPartner(): Promise<Partner> {
  const callbackUrls: string[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      callbackUrls.push((JSON.parse(text) as { callbackUrl: string }).callbackUrl);
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, callbackUrls, close: () => void server.close() };
}
