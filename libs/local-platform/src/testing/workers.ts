import type { LocalAws } from '@baton/local-aws';
import { strToU8, zipSync } from 'fflate';
import type { Deployment } from '../platform.ts';
import { createFunction, mapQueue, roleArn } from '../resources.ts';
import { names } from '../wiring.ts';
import type { Watch } from './watch.ts';

export interface ReceivedMessage {
  readonly body: Record<string, unknown>;
  readonly text: string;
}

/** The part of queues, functions and people who do the work. */
export interface Workers {
  /** Creates a queue. Returns its URL. */
  queue(name: string, attributes?: Record<string, string>): Promise<string>;
  /** Resolves with the next message of a queue, as a worker takes it. */
  receive(queueUrl: string): Promise<ReceivedMessage>;
  /** Creates a function of this module (ES, as text), which takes the messages of `queue`, if given; its failures end at the completer. */
  createWorker(name: string, code: string, options?: { handler?: string; queue?: string }): Promise<string>;
  /** Resolves with the payload that the function was invoked with, for this callback if one is given. */
  invoked(functionName: string, callbackId?: string): Promise<Record<string, unknown>>;
  /** Sets the environment of a worker outside Lambda by `set`: its credentials, region and endpoint. */
  asWorker(set: (name: string, value: string) => void): void;
  /** Sends a report to the completions queue. */
  report(message: object | string): Promise<void>;
  /** Resolves with the link in the newest mail to this address. */
  linkFor(email: string): Promise<string>;
  /** What a function of the platform has logged, by its name in the wiring. */
  logs(functionName: string): string;
}

export function workersOn(aws: LocalAws, seen: Watch, deployment: Deployment): Workers {
  return {
    queue: async (QueueName, Attributes = {}) =>
      String((await aws.call('sqs:CreateQueue', { QueueName, Attributes }))['QueueUrl']),
    receive: (queueUrl) => receive(aws, seen, queueUrl),
    async createWorker(functionName, code, { handler = 'main.handler', queue } = {}) {
      await createFunction(aws, functionName, {
        roleName: names.workerRole,
        handler,
        zip: zipSync({ 'main.mjs': strToU8(code) }),
        memoryMegabytes: 256,
        timeoutSeconds: 10,
        environment: {
          BATON_ENDPOINT: deployment.endpoint,
          BATON_COMPLETIONS_QUEUE_URL: deployment.completionsQueueUrl,
        },
      });
      if (queue !== undefined) await mapQueue(aws, { queue, functionName, batchSize: 10 });
      await aws.call('lambda:PutFunctionEventInvokeConfig', {
        FunctionName: functionName,
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnFailure: { Destination: deployment.destinationFunctionArn } },
      });
      return functionName;
    },
    async invoked(functionName, callbackId = '') {
      const text = await seen.when(() =>
        seen.calls
          .filter(({ action, input }) => action === 'Invoke' && input['FunctionName'] === functionName)
          .map(({ input }) => payloadOf(input))
          .find((payload) => payload.includes(callbackId)),
      );
      return JSON.parse(text) as Record<string, unknown>;
    },
    asWorker: (set) => setWorkerEnvironment(aws, set),
    async report(message) {
      await aws.call('sqs:SendMessage', {
        QueueUrl: deployment.completionsQueueUrl,
        MessageBody: typeof message === 'string' ? message : JSON.stringify(message),
      });
    },
    async linkFor(email) {
      const mail = await seen.when(() =>
        aws.sns.outbox.findLast(({ to, text }) => to === email && !text.includes('confirm')),
      );
      return /http\S+\/approvals\/\S+/.exec(mail.text)?.[0] ?? '';
    },
    logs: (functionName) => JSON.stringify(aws.logs.lines(`/aws/lambda/${names.function(functionName)}`)),
  };
}

const payloadOf = ({ Payload }: Readonly<Record<string, unknown>>): string =>
  Payload instanceof Uint8Array ? new TextDecoder().decode(Payload) : String(Payload);

async function receive(aws: LocalAws, seen: Watch, QueueUrl: string): Promise<ReceivedMessage> {
  await seen.when(() =>
    seen.calls.find(({ action, input }) => action === 'SendMessage' && input['QueueUrl'] === QueueUrl),
  );
  const { Messages } = await aws.call('sqs:ReceiveMessage', { QueueUrl });
  const [message] = (Messages ?? []) as { Body: string }[];
  if (message === undefined) throw new Error(`${QueueUrl} is empty`);
  return { text: message.Body, body: JSON.parse(message.Body) as Record<string, unknown> };
}

function setWorkerEnvironment(aws: LocalAws, set: (name: string, value: string) => void): void {
  const { accessKeyId, secretAccessKey, session } = aws.world.credentials.issue({
    roleArn: roleArn(aws, names.workerRole),
    sessionName: 'container-1',
    durationSeconds: 3600,
  });
  set('AWS_ACCESS_KEY_ID', accessKeyId);
  set('AWS_SECRET_ACCESS_KEY', secretAccessKey);
  set('AWS_SESSION_TOKEN', session.token);
  set('AWS_REGION', aws.world.region);
  set('AWS_ENDPOINT_URL', aws.world.endpoint());
}
