import { pythonJson, resolve, type Stage, type Step, type Values } from './scenario.ts';

/** Splits a scenario's worker steps into scripts. Each script begins with a step that receives messages. */
export function workerScripts(steps: readonly Step[]): Step[][] {
  const scripts: Step[][] = [];
  for (const step of steps.filter(({ worker }) => worker)) {
    if (step.op === 'queueWorker' || step.op === 'receiveMessage' || scripts.length === 0) scripts.push([]);
    scripts.at(-1)?.push(step);
  }
  return scripts;
}

interface Message {
  readonly Body: string;
  readonly ReceiptHandle: string;
}

/** Runs a script until it ends or `isStopped` returns true. */
export async function runWorker(
  aws: Stage,
  steps: readonly Step[],
  shared: Values,
  isStopped: () => boolean,
): Promise<void> {
  const values: Values = new Map(shared);
  for (const step of steps) {
    const queueUrl = resolve(step['queueUrl'], values);
    if (step.op === 'queueWorker') {
      while (!isStopped()) {
        for (const { Body } of await receive(aws, queueUrl, isStopped)) {
          const body = JSON.parse(Body) as Record<string, unknown>;
          const own: Values = new Map(values);
          own.set('{{body.TaskToken}}', body['TaskToken']).set('{{body.Message}}', body['Message']);
          for (const action of step['onMessage'] as Step[]) await act(aws, action, own);
        }
      }
    } else if (step.op === 'receiveMessage') {
      for (const { Body } of await receive(aws, queueUrl, isStopped)) bindMessage(values, step.id ?? '', Body);
    } else {
      await act(aws, step, values);
    }
  }
}

async function receive(aws: Stage, queueUrl: unknown, isStopped: () => boolean): Promise<Message[]> {
  while (!isStopped()) {
    const { Messages } = await aws.call('sqs:ReceiveMessage', { QueueUrl: queueUrl, WaitTimeSeconds: 20 });
    const messages = (Messages ?? []) as Message[];
    for (const { ReceiptHandle } of messages) {
      await aws.call('sqs:DeleteMessage', { QueueUrl: queueUrl, ReceiptHandle });
    }
    if (messages.length > 0) return messages;
  }
  return [];
}

function bindMessage(values: Values, id: string, text: string): void {
  const body = JSON.parse(text) as Record<string, unknown>;
  const inner = (typeof body['Message'] === 'string' ? asObject(body['Message']) : {}) as Record<string, unknown>;
  values.set(`{{${id}.bodyText}}`, text);
  values.set(`{{${id}.body.TaskToken}}`, body['TaskToken']);
  values.set(`{{${id}.body.Message}}`, body['Message']);
  values.set(`{{${id}.body.Message.TaskToken}}`, inner['TaskToken']);
}

function asObject(text: string): unknown {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

async function act(aws: Stage, step: Step, values: Values): Promise<void> {
  const { op, taskToken, error, cause, output, outputJsonOf, seconds } = resolve(step, values) as Step;
  switch (op) {
    case 'wait':
      await new Promise<void>((resume) => aws.clock.at(aws.clock.now() + (seconds as number) * 1000, resume));
      return;
    case 'sendTaskHeartbeat':
      await aws.call('states:SendTaskHeartbeat', { taskToken });
      return;
    case 'sendTaskFailure':
      await aws.call('states:SendTaskFailure', { taskToken, error, cause });
      return;
    case 'sendTaskSuccess':
      await aws.call('states:SendTaskSuccess', {
        taskToken,
        output: 'outputJsonOf' in step ? pythonJson(outputJsonOf) : output,
      });
      return;
    default:
      throw new Error(`A worker cannot ${op}`);
  }
}
