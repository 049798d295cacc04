import { setTimeout } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  approvalStarter,
  BatonError,
  dispatch,
  type DispatchAnswer,
  type DispatchPorts,
  errorName,
  jsonLog,
  lambdaStarter,
  type Millis,
  queueStarter,
  sayable,
  ssmStarter,
  webhookStarter,
} from '@baton/token-lib';
import {
  awsConnection,
  dynamoDbCallbackStore,
  dynamoDbLatestAttempts,
  fetchPartnerCaller,
  kmsMac,
  lambdaFunctionInvoker,
  snsNoticeSender,
  sqsQueueSender,
  ssmCall,
  ssmCommandSender,
} from '@baton/token-lib/aws';
import type { Context } from 'aws-lambda';
import { readConfig } from './config.ts';
import { parseRequest } from './request.ts';

const pause = (duration: Millis): Promise<void> => setTimeout(duration);
const log = jsonLog((line) => console.log(line));

let ports: DispatchPorts | undefined;

/** Made at the first invocation and kept: the next ones find the connections open. */
function createPorts(): DispatchPorts {
  const config = readConfig(process.env);
  // A call that hangs must leave time for the look-up. By itself the SDK only warns.
  const requestHandler = { connectionTimeout: 1_000, requestTimeout: 4_000, throwOnRequestTimeout: true };
  const table = { client: new DynamoDBClient({ maxAttempts: 3, requestHandler }), tableName: config.tableName };
  const aws = awsConnection(process.env);
  const { endpoint, allowsLoopback } = config;
  const links = { linkKeys: { mac: kmsMac(aws), keyIds: config.linkKeyIds }, endpoint, pause };
  return {
    store: dynamoDbCallbackStore(table),
    latestAttempts: dynamoDbLatestAttempts(table),
    starters: {
      ssm: ssmStarter({ commands: ssmCommandSender(ssmCall(aws), config.runDocumentName), pause }),
      queue: queueStarter({ queues: sqsQueueSender(aws), pause }),
      approval: approvalStarter({ ...links, notices: snsNoticeSender(aws, config.noticeTopicArn) }),
      webhook: webhookStarter({ ...links, partners: fetchPartnerCaller(), allowsLoopback }),
      lambda: lambdaStarter({ functions: lambdaFunctionInvoker(aws), pause }),
    },
    clock: () => Date.now(),
  };
}

export async function handler(event: unknown, context: Pick<Context, 'invokedFunctionArn'>): Promise<DispatchAnswer> {
  try {
    ports ??= createPorts();
    const request = parseRequest(event, context.invokedFunctionArn);
    const answer = await dispatch(ports, request);
    log('info', 'dispatched', { ...answer, kind: request.work.kind, execution: request.context.executionArn });
    return answer;
  } catch (error) {
    throw refusal(error);
  }
}

/**
 * What the state machine sees as error and cause. Baton's own errors say what to do; of anybody else's only the name is
 * told, for its text may repeat what was sent (L3). Without a stack the cause is tidy.
 */
function refusal(error: unknown): Error {
  const own = error instanceof BatonError;
  const told = own
    ? error
    : new BatonError('Unavailable', `the callback could not be dispatched (${errorName(error)})`);
  log(own ? 'info' : 'alarm', 'not dispatched', sayable(told));
  told.stack = `${told.name}: ${told.message}`;
  return told;
}
