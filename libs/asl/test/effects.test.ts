import { describe, expect, test } from 'vitest';
import { createExecution, type Effect, type EnginePorts, type Execution } from '../src/index.ts';
import { countingPorts, IDENTITY, machineOf, START } from './driver.ts';

const CALLBACK = 'arn:aws:states:::sqs:sendMessage.waitForTaskToken';
const types = (effects: readonly Effect[]): readonly string[] => effects.map(({ type }) => type);

function started(
  definition: unknown,
  ports: EnginePorts = countingPorts(),
): { execution: Execution; effects: Effect[] } {
  const execution = createExecution({
    machine: machineOf(definition),
    input: '{ "a": 1.0 }',
    identity: IDENTITY,
    ports,
  });
  return { execution, effects: execution.handle({ type: 'start' }, START) };
}

describe('effects', () => {
  test('a waiting task is called with its token, then its timers start', () => {
    const state = { Type: 'Task', Resource: CALLBACK, TimeoutSeconds: 9, HeartbeatSeconds: 3, End: true };
    const { effects } = started({ StartAt: 'S', States: { S: state } });
    expect(effects).toEqual([
      {
        type: 'callTask',
        task: 1,
        state: 'S',
        resource: { kind: 'integration', service: 'sqs', action: 'sendMessage', pattern: 'waitForTaskToken' },
        parameters: '{"a":1.0}',
        region: 'us-east-1',
        token: 'token-1',
      },
      { type: 'startTimer', timer: 2, at: START + 9000 },
      { type: 'startTimer', timer: 3, at: START + 3000 },
    ]);
  });

  test('the token is minted before the arguments are evaluated, and abandoned when they fail (A2)', () => {
    const minted: number[] = [];
    const ports = { ...countingPorts(), mintToken: (task: number) => `token-${minted.push(task)}` };
    const state = { Type: 'Task', Resource: CALLBACK, Parameters: { 'x.$': '$.nowhere' }, End: true };
    const { execution, effects } = started({ StartAt: 'S', States: { S: state } }, ports);
    expect(minted).toEqual([1]);
    expect(types(effects)).toEqual(['ended']);
    expect(execution.isOpen(1)).toBe(false);
  });

  test('`ended` is the last effect, after tasks are abandoned and timers cancelled (A3)', () => {
    const state = { Type: 'Task', Resource: CALLBACK, TimeoutSeconds: 9, End: true };
    const { execution } = started({ StartAt: 'S', TimeoutSeconds: 99, States: { S: state } });
    const effects = execution.handle({ type: 'stop' }, START + 1);
    expect(types(effects)).toEqual(['cancelTimer', 'abandonTask', 'cancelTimer', 'ended']);
    expect(execution.stopDate).toBe(START + 1);
  });

  test('timers that fire together with the one that the driver fired are cancelled in the driver (A5)', () => {
    const task = { Type: 'Task', Resource: CALLBACK, TimeoutSeconds: 5, End: true };
    const branches = [1, 2].map((each) => ({ StartAt: `S${each}`, States: { [`S${each}`]: task } }));
    const { execution } = started({ StartAt: 'P', States: { P: { Type: 'Parallel', Branches: branches, End: true } } });
    const effects = execution.handle({ type: 'timerFired', timer: 2 }, START + 5000);
    expect(effects).toEqual([
      { type: 'cancelTimer', timer: 4 },
      { type: 'abandonTask', task: 1 },
      { type: 'abandonTask', task: 3 },
      { type: 'ended' },
    ]);
  });

  test('JSONata waits for an evaluation; JSONPath never does (A7)', async () => {
    const jsonPath = started({
      StartAt: 'S',
      States: { S: { Type: 'Pass', Parameters: { 'x.$': '$.a' }, End: true } },
    });
    expect([types(jsonPath.effects), jsonPath.execution.output]).toEqual([['ended'], '{"x":1}']);
    const state = { Type: 'Pass', QueryLanguage: 'JSONata', Output: '{% $states.input.a %}', End: true };
    const { execution, effects } = started({ StartAt: 'S', States: { S: state } });
    const [effect] = effects;
    if (effect?.type !== 'evaluate') throw new Error('expected an evaluation');
    expect(execution.status).toBe('RUNNING');
    execution.handle({ type: 'evaluated', evaluation: effect.evaluation, value: await effect.evaluate() }, START);
    expect(execution.output).toBe('1');
  });

  test('an input for a task or timer that is over has no effect (A4)', () => {
    const { execution } = started({ StartAt: 'S', States: { S: { Type: 'Task', Resource: CALLBACK, End: true } } });
    expect(execution.handle({ type: 'taskSucceeded', task: 7, output: '1' }, START)).toEqual([]);
    expect(execution.handle({ type: 'timerFired', timer: 7 }, START)).toEqual([]);
    expect(execution.handle({ type: 'evaluated', evaluation: 7, value: 1 }, START)).toEqual([]);
    expect(execution.handle({ type: 'taskSucceeded', task: 1, output: '1' }, START)).toEqual([{ type: 'ended' }]);
    expect(execution.handle({ type: 'taskSucceeded', task: 1, output: '2' }, START)).toEqual([]);
    expect(execution.output).toBe('1');
  });

  test('a number that is only passed on keeps its spelling; white space is removed', () => {
    const { execution } = started({ StartAt: 'S', States: { S: { Type: 'Pass', End: true } } });
    expect(execution.output).toBe('{"a":1.0}');
    expect(execution.history[0]?.['executionStartedEventDetails']?.['input']).toBe('{ "a": 1.0 }');
    const text = started({ StartAt: 'S', States: { S: { Type: 'Task', Resource: CALLBACK, End: true } } });
    text.execution.handle({ type: 'taskSucceeded', task: 1, output: '[ "a \\" b", 2 ]' }, START);
    expect(text.execution.output).toBe('["a \\" b",2]');
  });
});

describe('refuses', () => {
  const machine = machineOf({ StartAt: 'S', States: { S: { Type: 'Task', Resource: CALLBACK, End: true } } });

  test('an input that is not JSON', () => {
    const create = (): Execution =>
      createExecution({ machine, input: '{', identity: IDENTITY, ports: countingPorts() });
    expect(create).toThrow(/^the input is not JSON: /);
  });

  test('an output that is not JSON, and changes nothing', () => {
    const execution = createExecution({ machine, input: '{}', identity: IDENTITY, ports: countingPorts() });
    execution.handle({ type: 'start' }, START);
    expect(() => execution.handle({ type: 'taskSucceeded', task: 1, output: 'x' }, START)).toThrow(
      /^the task output is not JSON: /,
    );
    expect([execution.isOpen(1), execution.history.length]).toEqual([true, 4]);
  });

  test('a redrive of an execution that is running or has succeeded (A10)', () => {
    const execution = createExecution({ machine, input: '{}', identity: IDENTITY, ports: countingPorts() });
    execution.handle({ type: 'start' }, START);
    expect(() => execution.redrive(START)).toThrow('an execution that is RUNNING cannot be redriven');
    execution.handle({ type: 'taskSucceeded', task: 1, output: '1' }, START);
    expect(() => execution.redrive(START)).toThrow('an execution that is SUCCEEDED cannot be redriven');
  });
});
