import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { jsonLog, parse, reconcile, sayable } from '@baton/token-lib';
import {
  awsConnection,
  dynamoDbCallbackStore,
  dynamoDbOpenCallbacks,
  kmsMac,
  ssmCall,
  ssmCommandObserver,
  ssmCommandSender,
  stepFunctionsExecutions,
  stepFunctionsTaskClient,
} from '@baton/token-lib/aws';
import middy from '@middy/core';
import * as z from 'zod/mini';
import { allowedCallers, completionsQueueArn, linkKeyIds, runDocumentName, tableName } from './config.ts';
import { type HttpResponse, toResponse } from './api-gateway.ts';
import { handleDestination } from './handle-destination.ts';
import { handleEvent } from './handle-event.ts';
import { errorsAsJson } from './http/errors-as-json.ts';
import { handleHttp } from './http/handle-http.ts';
import { handleApproval } from './link/handle-approval.ts';
import { tryAgainPage } from './link/approval-page.ts';
import { toPageResponse } from './link/page.ts';
import { handleWebhook } from './link/handle-webhook.ts';
import { metricLine } from './metric-line.ts';
import { type BatchAnswer, handleQueue } from './queue/handle-queue.ts';

/** Made when first asked for, and kept for the next invocations. */
function once<T>(create: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: create() }).value;
}

const log = jsonLog((line) => console.log(line));
/**
 * A call that hangs must have failed before its outcome may be told again (TELL_LEASE). By itself the SDK only warns.
 */
const requestHandler = { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true };

const ports = once(() => {
  const table = { client: new DynamoDBClient({ maxAttempts: 3, requestHandler }), tableName: tableName(process.env) };
  // One SendTask* a stored attempt (L1): the SDK's own retry would turn a success into TaskTimedOut.
  const tasks = new SFNClient({ maxAttempts: 1, requestHandler });
  const executions = new SFNClient({ maxAttempts: 3, requestHandler });
  return {
    store: dynamoDbCallbackStore(table),
    open: dynamoDbOpenCallbacks(table),
    tasks: stepFunctionsTaskClient(tasks),
    executions: stepFunctionsExecutions(executions),
    log,
  };
});

const aws = once(() => awsConnection(process.env));
const ssm = once(() => ssmCall(aws()));
const callers = once(() => allowedCallers(process.env));
const observing = once(() => ({ ...ports(), observer: ssmCommandObserver(ssm()) }));
const linking = once(() => ({
  ...ports(),
  linkKeys: { mac: kmsMac(aws()), keyIds: linkKeyIds(process.env) },
}));
const reconciling = once(() => ({
  ...observing(),
  sender: ssmCommandSender(ssm(), runDocumentName(process.env)),
}));

/** API Gateway, payload version 2.0. */
export const http = middy<unknown, HttpResponse>()
  .use(errorsAsJson(log))
  .handler(async (event) => toResponse(await handleHttp(ports(), callers(), event)));

/** The pages of approvers. */
export async function approvals(event: unknown): Promise<HttpResponse> {
  try {
    return toPageResponse(await handleApproval(linking(), event));
  } catch (error) {
    log('alarm', 'no page', sayable(error));
    return toPageResponse(tryAgainPage);
  }
}

/** The callback URLs of partners. */
export const webhooks = middy<unknown, HttpResponse>()
  .use(errorsAsJson(log))
  .handler(async (event) => toResponse(await handleWebhook(linking(), event)));

/** SQS: the completions queue, and dead-letter queues. Answers what is to come again. */
export const queue = async (event: unknown): Promise<BatchAnswer> =>
  handleQueue(ports(), completionsQueueArn(process.env), event, Date.now());

/** The on-failure destination of asynchronous functions. */
export const destinations = async (event: unknown): Promise<void> => handleDestination(ports(), event);

/** EventBridge rules. */
export const events = async (event: unknown): Promise<void> => handleEvent(observing(), event);

const Tick = z.object({ time: z.iso.datetime() });

/** EventBridge's clock, every minute. */
export async function schedule(event: unknown): Promise<void> {
  const at = Date.parse(parse(Tick, event).time);
  const measures = await reconcile(reconciling(), at);
  // Past console.log, before whose lines Lambda puts a time: CloudWatch would make no metrics of it.
  process.stdout.write(`${metricLine(measures, process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? 'local', at)}\n`);
}
