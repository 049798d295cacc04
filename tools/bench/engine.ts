import { createExecution, parseDefinition, type EnginePorts, type Execution } from '@baton/asl';
import { createHash } from 'node:crypto';
import { round, spread } from './statistics.ts';

const executions = 2_000;
const rounds = 7;
const waiting = 100_000;

const definition = JSON.stringify({
  StartAt: 'Before',
  States: {
    Before: { Type: 'Pass', Next: 'Wait' },
    Wait: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      TimeoutSeconds: 3600,
      Parameters: { QueueUrl: 'q', MessageBody: { 'in.$': '$', 'token.$': '$$.Task.Token' } },
      Next: 'After',
    },
    After: { Type: 'Pass', End: true },
  },
});

/** The engine alone, in process: three-state runs with full history, and a crowd that waits. */
export function benchEngine(): Record<string, unknown>[] {
  const start = starter();
  const times: number[] = [];
  for (let run = 0; run < rounds; run += 1) {
    const began = performance.now();
    for (let index = 0; index < executions; index += 1) complete(start(index));
    times.push(performance.now() - began);
  }
  const { min, median, max } = spread(times);

  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const crowd = Array.from({ length: waiting }, (_, index) => start(index));
  const megabytes = (process.memoryUsage().rss - before) / 1024 ** 2;
  const completing = performance.now();
  for (const each of crowd) complete(each);
  return [
    { work: `${executions} runs with full history`, 'ms (median)': median, 'min..max': `${min}..${max}` },
    {
      work: `${waiting} waiting, then completed`,
      'MB while waiting': round(megabytes, 0),
      'ms to complete': round(performance.now() - completing, 0),
    },
  ];
}

interface Waiting {
  readonly execution: Execution;
  readonly task: number;
}

function starter(): (index: number) => Waiting {
  const { machine, diagnostics } = parseDefinition(definition);
  if (!machine) throw new Error(`the definition is refused: ${JSON.stringify(diagnostics)}`);
  let tokens = 0;
  const ports: EnginePorts = {
    uuid: () => '00000000-0000-4000-8000-000000000000',
    random: () => 0.5,
    hash: (algorithm, text) => createHash(algorithm.replace('-', '')).update(text).digest('hex'),
    mintToken: () => `token-${tokens++}`.padEnd(640, 'A'),
  };
  const stateMachineArn = 'arn:aws:states:us-east-1:123456789012:stateMachine:bench';
  return (index) => {
    const name = `x-${index}`;
    const execution = createExecution({
      machine,
      input: '{"i":1}',
      ports,
      identity: {
        executionArn: `arn:aws:states:us-east-1:123456789012:execution:bench:${name}`,
        name,
        roleArn: 'arn:aws:iam::123456789012:role/bench',
        startTime: 0,
        redriveCount: 0,
        stateMachineArn,
        stateMachineName: 'bench',
        region: 'us-east-1',
      },
    });
    const effects = execution.handle({ type: 'start' }, 0);
    const call = effects.find((effect) => effect.type === 'callTask');
    if (!call) throw new Error('the execution does not wait');
    execution.handle({ type: 'taskSubmitted', task: call.task, output: '{}' }, 1);
    return { execution, task: call.task };
  };
}

function complete({ execution, task }: Waiting): void {
  execution.handle({ type: 'taskSucceeded', task, output: '{"ok":true}' }, 2);
  if (execution.status !== 'SUCCEEDED') throw new Error(`the execution ended ${execution.status}`);
}
