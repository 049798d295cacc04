import { EC2Client, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  DescribeInstanceAssociationsStatusCommand,
  ListCommandInvocationsCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { setTimeout } from 'node:timers/promises';

export interface EndedExecution {
  readonly status: string;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly output: unknown;
  readonly history: readonly HistoryEvent[];
}

/** An execution that was started. */
export interface StartedExecution {
  /** @throws when it has not ended after `minutes` */
  ended(minutes?: number): Promise<EndedExecution>;
}

/** What a smoke run does on the account, beside what Terraform does. */
export interface Account {
  start(stateMachineArn: string, input: object): Promise<StartedExecution>;
  /** Resolves when the associations of the instance have done their work. @throws with the status that is none, or after ten minutes */
  installed(instanceId: string): Promise<void>;
  /** Resolves when a command runs on the instance. */
  busy(instanceId: string): Promise<void>;
  terminate(instanceId: string): Promise<void>;
  /** Takes what is in a queue, within the seconds. */
  messages(queueUrl: string, seconds: number): Promise<readonly unknown[]>;
}

/** Looks every two seconds: an account's quotas are others' too. */
const PAUSE = 2_000;

export function connectAccount(region: string): Account {
  const [states, ssm, ec2, sqs] = [
    new SFNClient({ region }),
    new SSMClient({ region }),
    new EC2Client({ region }),
    new SQSClient({ region }),
  ];

  return {
    async start(stateMachineArn, input) {
      const request = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) });
      const { executionArn = '' } = await states.send(request);
      return {
        ended: (minutes = 10) =>
          until(minutes, `execution ${executionArn} has ended`, async () => {
            const found = await states.send(new DescribeExecutionCommand({ executionArn }));
            if (found.status === 'RUNNING') return undefined;
            const output: unknown = found.output === undefined ? undefined : JSON.parse(found.output);
            const { status = '', error, cause } = found;
            return { status, error, cause, output, history: await historyOf(states, executionArn) };
          }),
      };
    },
    installed: (InstanceId) =>
      until(10, `the notifier is installed on ${InstanceId}`, async () => {
        const request = new DescribeInstanceAssociationsStatusCommand({ InstanceId });
        const { InstanceAssociationStatusInfos: infos = [] } = await ssm.send(request).catch(notThereYet);
        const failed = infos.find(({ Status }) => Status === 'Failed');
        if (failed !== undefined)
          throw new Error(`${failed.Name ?? ''} on ${InstanceId}: ${failed.ExecutionSummary ?? 'Failed'}`);
        return infos.length > 0 && infos.every(({ Status }) => Status === 'Success') ? true : undefined;
      }).then(() => undefined),
    busy: (InstanceId) =>
      until(2, `a command runs on ${InstanceId}`, async () => {
        const { CommandInvocations = [] } = await ssm.send(new ListCommandInvocationsCommand({ InstanceId }));
        return CommandInvocations.some(({ Status }) => Status === 'InProgress') ? true : undefined;
      }).then(() => undefined),
    async terminate(instanceId) {
      await ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
    },
    async messages(QueueUrl, seconds) {
      const all: unknown[] = [];
      for (const over = Date.now() + seconds * 1000; Date.now() < over;) {
        const request = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 });
        for (const { Body = '', ReceiptHandle } of (await sqs.send(request)).Messages ?? []) {
          all.push(JSON.parse(Body));
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
      }
      return all;
    },
  };
}

async function historyOf(states: SFNClient, executionArn: string): Promise<HistoryEvent[]> {
  const all: HistoryEvent[] = [];
  for (let nextToken: string | undefined; ;) {
    const page = await states.send(new GetExecutionHistoryCommand({ executionArn, ...(nextToken && { nextToken }) }));
    all.push(...(page.events ?? []));
    nextToken = page.nextToken;
    if (nextToken === undefined) return all;
  }
}

/** An instance that SSM has not heard of. */
function notThereYet(error: Error): { InstanceAssociationStatusInfos: [] } {
  if (error.name === 'InvalidInstanceId') return { InstanceAssociationStatusInfos: [] };
  throw error;
}

async function until<T>(minutes: number, what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const over = Date.now() + minutes * 60_000; ;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > over) throw new Error(`after ${minutes} minutes it is not so that ${what}`);
    await setTimeout(PAUSE);
  }
}
