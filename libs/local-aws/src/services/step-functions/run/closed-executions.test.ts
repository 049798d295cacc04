import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalAws, type LocalAws } from '../../../local-aws.ts';
import type { ManualClock } from '../../../kernel/clock/manual-clock.ts';
import { ClosedExecutions } from './closed-executions.ts';
import type { ExecutionRecord } from './execution-record.ts';

const RETAIN = 3;
const DAY = 24 * 3_600_000;
const roleArn = 'arn:aws:iam::123456789012:role/states';

let aws: LocalAws<ManualClock>;
beforeEach(() => {
  aws = createLocalAws({ clock: 'manual', retain: RETAIN });
});
afterEach(() => aws.close());

async function machineOf(state: object): Promise<string> {
  const definition = JSON.stringify({ StartAt: 'Only', States: { Only: state } });
  const { stateMachineArn } = await aws.call('states:CreateStateMachine', { name: 'one', definition, roleArn });
  return String(stateMachineArn);
}

async function runSeveral(stateMachineArn: string, count: number): Promise<string[]> {
  const arns: string[] = [];
  for (let each = 0; each < count; each += 1) {
    const started = await aws.call('states:StartExecution', {
      stateMachineArn,
      name: `x${each}`,
      input: `{"i":${each}}`,
    });
    await aws.clock.advance(1);
    arns.push(String(started['executionArn']));
  }
  return arns;
}

const describeExecution = (executionArn: string | undefined) => aws.call('states:DescribeExecution', { executionArn });
const historyOf = async (executionArn: string | undefined) =>
  (await aws.call('states:GetExecutionHistory', { executionArn }))['events'] as Record<string, unknown>[];
const listed = async (stateMachineArn: string) =>
  ((await aws.call('states:ListExecutions', { stateMachineArn }))['executions'] as { name: string }[]).map(
    ({ name }) => name,
  );

describe('of closed executions', () => {
  it('older ones are compact, and described, listed and read as before', async () => {
    const machine = await machineOf({ Type: 'Pass', End: true });
    const [first] = await runSeveral(machine, 1);
    const [description, history] = [await describeExecution(first), await historyOf(first)];
    const names = Array.from({ length: RETAIN + 2 }, (_, each) => `x${each}`);
    for (const name of names.slice(1)) {
      await aws.call('states:StartExecution', { stateMachineArn: machine, name });
      await aws.clock.advance(1);
    }
    expect(await describeExecution(first)).toEqual(description);
    expect(await historyOf(first)).toEqual(history);
    expect(await listed(machine)).toEqual(names.toReversed());
  });

  it('the latest can be redriven, and those that are compact cannot', async () => {
    const arns = await runSeveral(await machineOf({ Type: 'Fail' }), RETAIN + 1);
    expect(await describeExecution(arns[0])).toMatchObject({
      status: 'FAILED',
      redriveStatusReason: 'Execution redrivable period exceeded',
    });
    await expect(aws.call('states:RedriveExecution', { executionArn: arns[0] })).rejects.toThrow('period exceeded');
    await aws.call('states:RedriveExecution', { executionArn: arns[1] });
    expect(await describeExecution(arns[1])).toMatchObject({ status: 'FAILED', redriveCount: 1 });
  });

  it('so many are remembered, and no more', async () => {
    const machine = await machineOf({ Type: 'Pass', End: true });
    const most = RETAIN + 100 * RETAIN;
    const arns = await runSeveral(machine, most + 2);
    expect(await listed(machine)).not.toContain('x1');
    await expect(describeExecution(arns[1])).rejects.toThrow(/does not exist|Does Not Exist/i);
    expect(await describeExecution(arns[2])).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('none is remembered for longer than 90 days, after which its name is free', async () => {
    const machine = await machineOf({ Type: 'Pass', End: true });
    const [arn] = await runSeveral(machine, 1);
    await aws.clock.advance(90 * DAY - 10);
    expect(await describeExecution(arn)).toMatchObject({ status: 'SUCCEEDED' });
    await aws.clock.advance(20);
    expect(await listed(machine)).toEqual([]);
    await expect(describeExecution(arn)).rejects.toThrow(/does not exist/i);
    await aws.call('states:StartExecution', { stateMachineArn: machine, name: 'x0', input: '{"other":1}' });
  });

  it('one that waits is none of them, however long it waits', async () => {
    const [arn] = await runSeveral(await machineOf({ Type: 'Wait', Seconds: 8_000_000, End: true }), RETAIN + 2);
    await aws.clock.advance(91 * DAY);
    expect(await describeExecution(arn)).toMatchObject({ status: 'RUNNING' });
  });
});

describe('histories of compact executions', () => {
  const recordOf = (id: number): ExecutionRecord => {
    const execution = { status: 'SUCCEEDED', stopDate: aws.clock.now(), history: [{ id }], mapRuns: [] };
    return { execution, live: execution } as unknown as ExecutionRecord;
  };
  const close = (count: number) => {
    const idle: (() => boolean)[] = [];
    const closed = new ClosedExecutions(
      aws.clock,
      RETAIN,
      () => undefined,
      (work) => void idle.push(work),
    );
    const records = Array.from({ length: count }, (_, id) => recordOf(id));
    for (const record of records) closed.add(record);
    return { idle, closed, records };
  };

  it('are compressed when there is little else to do, and read as before', () => {
    const { idle, closed, records } = close(RETAIN + 10);
    expect(closed.uncompressed).toBe(10);
    expect(records[0]?.execution.history).toEqual([{ id: 0 }]);
    expect(idle.map((work) => work())).toEqual([false]);
    expect(closed.uncompressed).toBe(0);
    expect(records[0]?.execution.history).toEqual([{ id: 0 }]);
  });

  it('wait for that in a number that is bounded, however busy it is', () => {
    expect(close(100 * RETAIN).closed.uncompressed).toBe(4 * RETAIN);
  });
});
