import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalAws, type LocalAws } from '../../../local-aws.ts';

const run = promisify(execFile);
const isThere = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0;
const cli = isThere('aws', '--version') ? '' : ' (skipped: needs the AWS CLI, "aws", on PATH)';
const boto3 = isThere('python3', '-c', 'import boto3') ? '' : ' (skipped: needs boto3: pip install boto3)';

/** The members of the CLI's answers that the test reads. */
interface Answer {
  readonly QueueUrl: string;
  readonly Messages: { readonly Body: string }[];
  readonly stateMachineArn: string;
  readonly executionArn: string;
  readonly events: { readonly type: string }[];
  readonly executions: unknown;
}

const definition = (queueUrl: string): string =>
  JSON.stringify({
    StartAt: 'Work',
    States: {
      Work: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Parameters: { QueueUrl: queueUrl, MessageBody: { 'token.$': '$$.Task.Token' } },
        End: true,
      },
    },
  });

describe('unmodified clients over HTTP', () => {
  let aws: LocalAws;
  let endpoint: string;
  let environment: NodeJS.ProcessEnv;
  beforeAll(async () => {
    aws = createLocalAws();
    endpoint = await aws.listen();
    environment = {
      ...process.env,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
  });
  afterAll(() => aws.close());

  it.skipIf(cli)(`walk through with the aws CLI${cli}`, { timeout: 120_000 }, async () => {
    const call = async (service: string, ...args: string[]): Promise<Answer> => {
      const { stdout } = await run('aws', ['--endpoint-url', endpoint, '--output', 'json', service, ...args], {
        env: environment,
      });
      return (stdout.trim() === '' ? {} : JSON.parse(stdout)) as Answer;
    };
    const states = (...args: string[]) => call('stepfunctions', ...args);
    const { QueueUrl: queue } = await call('sqs', 'create-queue', '--queue-name', 'cli');
    const role = 'arn:aws:iam::123456789012:role/machine';
    const { stateMachineArn: machine } = await states(
      ...['create-state-machine', '--name', 'cli', '--definition', definition(queue), '--role-arn', role],
    );
    const start = ['start-execution', '--state-machine-arn', machine];
    const { executionArn: execution } = await states(...start, '--name', 'first', '--input', '{"a":1}');
    const { Messages } = await call('sqs', 'receive-message', '--queue-url', queue, '--wait-time-seconds', '5');
    const { token } = JSON.parse(Messages[0]!.Body) as { token: string };
    await states('send-task-success', '--task-token', token, '--task-output', '{"ok":true}');
    expect(await states('describe-execution', '--execution-arn', execution)).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"ok":true}',
    });
    const { events } = await states('get-execution-history', '--execution-arn', execution, '--max-items', '3');
    expect(events.map(({ type }) => type)).toEqual(['ExecutionStarted', 'TaskStateEntered', 'TaskScheduled']);

    const { executionArn: second } = await states(...start, '--name', 'second');
    await states('stop-execution', '--execution-arn', second, '--error', 'Operator', '--cause', 'enough');
    const list = ['list-executions', '--state-machine-arn', machine, '--status-filter'];
    expect((await states(...list, 'ABORTED')).executions).toMatchObject([{ name: 'second' }]);
    await expect(states('describe-execution', '--execution-arn', `${execution}-not`)).rejects.toThrow(
      /ExecutionDoesNotExist/,
    );
  });

  it.skipIf(boto3)(`walk through with boto3${boto3}`, { timeout: 60_000 }, async () => {
    const script = `
import boto3, json, sys
endpoint, definition = sys.argv[1:]
sfn, sqs = (boto3.client(name, endpoint_url=endpoint) for name in ('stepfunctions', 'sqs'))
queue = sqs.create_queue(QueueName='boto')['QueueUrl']
machine = sfn.create_state_machine(name='boto', definition=definition.replace('QUEUE', queue), roleArn='arn:aws:iam::123456789012:role/machine')['stateMachineArn']
execution = sfn.start_execution(stateMachineArn=machine, input='{"a":1}')['executionArn']
token = json.loads(sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5)['Messages'][0]['Body'])['token']
sfn.send_task_heartbeat(taskToken=token)
sfn.send_task_success(taskToken=token, output='{"ok":true}')
try:
    sfn.send_task_success(taskToken=token, output='{}')
except sfn.exceptions.TaskTimedOut as error:
    refused = error.response['Error']['Message']
seen = sfn.describe_execution(executionArn=execution)
pages = sfn.get_paginator('get_execution_history').paginate(executionArn=execution, PaginationConfig={'PageSize': 2})
print(json.dumps({'status': seen['status'], 'output': seen['output'], 'started': seen['startDate'].year, 'refused': refused,
                  'events': [event['type'] for page in pages for event in page['events']]}))
`;
    const { stdout } = await run('python3', ['-c', script, endpoint, definition('QUEUE')], { env: environment });
    expect(JSON.parse(stdout)).toEqual({
      status: 'SUCCEEDED',
      output: '{"ok":true}',
      started: new Date().getFullYear(),
      refused: "Task Timed Out: 'Provided task does not exist anymore'",
      events: [
        ...['ExecutionStarted', 'TaskStateEntered', 'TaskScheduled', 'TaskStarted'],
        ...['TaskSubmitted', 'TaskSucceeded', 'TaskStateExited', 'ExecutionSucceeded'],
      ],
    });
  });
});
