import { setTimeout } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  approvalStarter,
  askByMail,
  askByTopic,
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
  seconds,
  ssmStarter,
  webhookStarter,
} from '@baton/token-lib';
import {
  dynamoDbCallbackStore,
  dynamoDbLatestAttempts,
  queueReminders,
  repeatableCalls,
  singleCalls,
} from '@baton/token-lib/aws';
import { keyMac } from '@baton/token-lib/aws/kms';
import { functionInvoker } from '@baton/token-lib/aws/lambda';
import { noticeSender } from '@baton/token-lib/aws/sns';
import { queueSender } from '@baton/token-lib/aws/sqs';
import { commandSender } from '@baton/token-lib/aws/ssm';
import { partnerCaller } from '@baton/token-lib/aws/webhook';
import type { Context } from 'aws-lambda';
import { readConfig } from './config.ts';
import { parseRequest } from './request.ts';

const clock = (): Millis => Date.now();
const pause = (duration: Millis): Promise<void> => setTimeout(duration);
const log = jsonLog((line) => console.log(line));

/** A call that hangs must leave time for the look-up. */
const LIMITS = { connectionTimeout: seconds(1), requestTimeout: seconds(4) };

let ports: DispatchPorts | undefined;

/** Made at the first invocation and kept: the next ones find the connections open. */
function createPorts(): DispatchPorts {
  const config = readConfig(process.env);
  const repeatable = repeatableCalls(LIMITS);
  // The starters repeat what they hand over, and a command only after a look whether it was sent (L5).
  const single = singleCalls(LIMITS);
  // What a question is prepared by is tried again by its starter, or done without: two attempts each fit the function's time.
  const twice = repeatableCalls(LIMITS, 2);
  const mac = keyMac(twice);
  const table = { client: new DynamoDBClient(repeatable), tableName: config.tableName };
  const { endpoint, allowsLoopback } = config;
  const links = { linkKeys: { mac, keyIds: config.linkKeyIds }, endpoint, pause };
  return {
    store: dynamoDbCallbackStore(table),
    latestAttempts: dynamoDbLatestAttempts(table),
    starters: {
      ssm: ssmStarter({ commands: commandSender({ single, repeatable }, config.runDocumentName), pause }),
      queue: queueStarter({ queues: queueSender(single), pause }),
      approval: approvalStarter({
        asking:
          config.mailQueueUrl === undefined
            ? askByTopic({
                ...links,
                notices: noticeSender({ single, repeatable: twice }, config.noticeTopicArn, clock),
              })
            : askByMail({ queues: queueSender(single), queueUrl: config.mailQueueUrl, pause }),
      }),
      webhook: webhookStarter({
        ...links,
        partners: partnerCaller(config.webhookAllow),
        allowsLoopback,
      }),
      lambda: lambdaStarter({ functions: functionInvoker(single), pause }),
    },
    reminders: queueReminders(queueSender(single), config.completionsQueueUrl),
    clock,
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
