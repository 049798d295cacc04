/**
 * The adapters of a person at a terminal: whatever credentials, region and endpoint the AWS SDK finds, unless told
 * otherwise.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { CallbackRecords, CallbackStore, Executions, TaskClient, LatestAttempts } from '../ports.ts';
import { seconds } from '../wire/millis.ts';
import { repeatableCalls, singleCalls } from './client-options.ts';
import { dynamoDbCallbackRecords } from './dynamodb-callback-records.ts';
import { dynamoDbCallbackStore } from './dynamodb-callback-store.ts';
import { dynamoDbLatestAttempts } from './dynamodb-latest-attempts.ts';
import { stepFunctionsExecutions } from './step-functions-executions.ts';
import { stepFunctionsTaskClient } from './step-functions-task-client.ts';

export interface OperatorConnectionOptions {
  readonly tableName: string;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly endpoint?: string | undefined;
  /** In place of those that the SDK finds. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

export interface OperatorConnection {
  readonly store: CallbackStore;
  readonly latestAttempts: LatestAttempts;
  readonly records: CallbackRecords;
  readonly tasks: TaskClient;
  readonly executions: Executions;
  /** The ARN behind the credentials. Undefined where STS does not say. */
  callerArn(): Promise<string | undefined>;
  close(): void;
}

/** A person waits. */
const LIMITS = { connectionTimeout: seconds(3), requestTimeout: seconds(10) };

/** What every client of an operator is made with. */
export function operatorClientOptions({
  region,
  profile,
  endpoint,
  credentials,
}: Omit<OperatorConnectionOptions, 'tableName'>) {
  const where = {
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
  };
  return {
    repeatable: { ...where, ...repeatableCalls(LIMITS, 2) },
    single: { ...where, ...singleCalls(LIMITS) },
  };
}

export function connectOperator({ tableName, ...options }: OperatorConnectionOptions): OperatorConnection {
  const { repeatable, single } = operatorClientOptions(options);
  const dynamodb = new DynamoDBClient(repeatable);
  // One SendTask* a stored attempt (L1): the SDK's own retry would turn a success into TaskTimedOut.
  const tasks = new SFNClient(single);
  const executions = new SFNClient(repeatable);
  const sts = new STSClient(single);
  const table = { client: dynamodb, tableName };
  return {
    store: dynamoDbCallbackStore(table),
    latestAttempts: dynamoDbLatestAttempts(table),
    records: dynamoDbCallbackRecords(table),
    tasks: stepFunctionsTaskClient(tasks),
    executions: stepFunctionsExecutions(executions),
    callerArn: () =>
      sts.send(new GetCallerIdentityCommand({})).then(
        ({ Arn }) => Arn,
        () => undefined,
      ),
    close() {
      for (const open of [dynamodb, tasks, executions, sts]) open.destroy();
    },
  };
}
