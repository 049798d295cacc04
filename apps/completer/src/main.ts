/**
 * Each Lambda function runs one of these handlers. What all of them need is loaded at the start, with the one for reports over HTTP;
 * the others are loaded by the first event of the functions that are for them.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { setTimeout } from 'node:timers/promises';
import { atMost, jsonLog, type Millis, once, seconds } from '@baton/token-lib';
import {
  dynamoDbCallbackStore,
  dynamoDbOpenCallbacks,
  queueReminders,
  repeatableCalls,
  singleCalls,
} from '@baton/token-lib/aws';
import { hosts } from '@baton/token-lib/aws/ec2';
import { keyMac } from '@baton/token-lib/aws/kms';
import { mailSender } from '@baton/token-lib/aws/ses';
import { pendingSubscriptionsOf } from '@baton/token-lib/aws/sns';
import { queueSender } from '@baton/token-lib/aws/sqs';
import { commandObserver, commandSender } from '@baton/token-lib/aws/ssm';
import { executions, taskClient } from '@baton/token-lib/aws/step-functions';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { type HttpResponse, toResponse } from './api-gateway.ts';
import {
  allowedCallers,
  completionsQueueArn,
  completionsQueueUrl,
  linkKeyIds,
  mailSettings,
  noticeTopicArn,
  runDocumentName,
  tableName,
} from './config.ts';
import { errorsAsJson } from './http/errors-as-json.ts';
import { handleHttp } from './http/handle-http.ts';
import type { BatchAnswer } from './queue/handle-queue.ts';

const log = jsonLog((line) => console.log(line));
/** A call that hangs must have failed before its outcome may be told again (TELL_LEASE). */
const LIMITS = { connectionTimeout: seconds(1), requestTimeout: seconds(5) };
const repeatable = repeatableCalls(LIMITS);
/** One SendTask* a stored attempt (L1): the SDK's own retry would turn a success into TaskTimedOut. */
const single = singleCalls(LIMITS);

const ports = once(() => {
  const table = { client: new DynamoDBClient(repeatable), tableName: tableName(process.env) };
  return {
    store: dynamoDbCallbackStore(table),
    open: dynamoDbOpenCallbacks(table),
    tasks: taskClient(single),
    executions: executions(repeatable),
    reminders: queueReminders(queueSender(repeatable), completionsQueueUrl(process.env)),
    pause: (duration: Millis) => setTimeout(duration),
    log,
  };
});

const callers = once(() => allowedCallers(process.env));
const observing = once(() => ({ ...ports(), observer: commandObserver(repeatable) }));
const reconciling = once(() => ({
  ...observing(),
  hosts: hosts(repeatable),
  sender: commandSender({ single, repeatable }, runDocumentName(process.env)),
}));
/** How often one instance of the queue's handler asks SSM and EC2 after silent hosts, each: their rates are the whole account's. */
const ASKED_A_SECOND = 5;
const reminding = once(() => {
  const given = reconciling();
  const now = () => Date.now();
  const invocation: typeof given.observer.invocation = (...asked) => given.observer.invocation(...asked);
  const stateOf: typeof given.hosts.stateOf = (instanceId) => given.hosts.stateOf(instanceId);
  return {
    ...given,
    observer: { ...given.observer, invocation: atMost(ASKED_A_SECOND, now)(invocation) },
    hosts: { stateOf: atMost(ASKED_A_SECOND, now)(stateOf) },
  };
});
const linking = once(() => ({
  ...ports(),
  linkKeys: { mac: keyMac(repeatable), keyIds: linkKeyIds(process.env) },
}));

const mailing = once(() => {
  const given = linking();
  const { endpoint, interval, ...settings } = mailSettings(process.env);
  return { ...given, mails: mailSender(single, settings), endpoint, interval };
});

/** API Gateway, payload version 2.0. */
export const http = middy<unknown, HttpResponse>()
  .use(errorsAsJson(log))
  .handler(async (event) => toResponse(await handleHttp(ports(), callers(), event)));

/** The pages of approvers. */
export async function approvals(event: unknown): Promise<HttpResponse> {
  const { answerApproval } = await import('./link/handle-approval.ts');
  return answerApproval(linking, log, event);
}

/** The callback URLs of partners. */
export const webhooks = middy<unknown, HttpResponse>()
  .use(errorsAsJson(log))
  .handler(async (event) => {
    const { handleWebhook } = await import('./link/handle-webhook.ts');
    return toResponse(await handleWebhook(linking(), event));
  });

/** SQS: the completions queue, and dead-letter queues. Returns what is to come again. */
export async function queue(event: unknown): Promise<BatchAnswer> {
  const { handleQueue } = await import('./queue/handle-queue.ts');
  return handleQueue(reminding(), completionsQueueArn(process.env), event, Date.now());
}

/** SQS: the mail queue. Returns what is to come again. */
export async function mail(event: unknown): Promise<BatchAnswer> {
  const { handleMail } = await import('./mail/handle-mail.ts');
  return handleMail(mailing(), event, Date.now());
}

/** The on-failure destination of asynchronous functions. */
export async function destinations(event: unknown): Promise<void> {
  const { handleDestination } = await import('./handle-destination.ts');
  return handleDestination(ports(), event);
}

/** EventBridge rules. */
export async function events(event: unknown): Promise<void> {
  const { handleEvent } = await import('./handle-event.ts');
  return handleEvent(observing(), event);
}

/** EventBridge's clock, every minute. */
export async function schedule(event: unknown, lambda: Pick<Context, 'getRemainingTimeInMillis'>): Promise<void> {
  const topicArn = noticeTopicArn(process.env);
  const { handleSchedule } = await import('./handle-schedule.ts');
  await handleSchedule(reconciling(), event, {
    functionName: process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? 'local',
    clock: () => Date.now(),
    pendingSubscriptions: () => pendingSubscriptionsOf(repeatable, topicArn),
    endsAt: Date.now() + lambda.getRemainingTimeInMillis(),
    // Past console.log, before whose lines Lambda puts a time: CloudWatch would make no metrics of it.
    write: (line) => process.stdout.write(`${line}\n`),
  });
}
