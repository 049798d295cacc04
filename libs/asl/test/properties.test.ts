import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Json, parseDefinition } from '../src/index.ts';
import { Driver } from './driver.ts';

const ERROR_NAMES = /^(States\.\w+|Boom|Custom)$/;

const paths = fc.constantFrom(
  '$',
  '$.a',
  '$.a.b',
  '$.list',
  '$.list[0]',
  '$.list[*].n',
  '$..n',
  '$$.State.Name',
  '$v',
  '$v.x',
);
const jsonataTexts = fc.constantFrom(
  '{% $states.input %}',
  '{% $states.input.a %}',
  '{% $v %}',
  '{% 1 + 1 %}',
  '{% $count([1,2]) %}',
  'plain',
);
const errorNames = fc.constantFrom(
  'States.ALL',
  'States.Timeout',
  'States.TaskFailed',
  'Boom',
  'States.QueryEvaluationError',
);

type StateJson = Record<string, unknown>;

/** Fields of any JSONPath state with a result. */
const dataFields = fc.record(
  {
    InputPath: paths,
    OutputPath: paths,
    ResultPath: fc.constantFrom('$', '$.r', '$.a.r', null),
    Parameters: fc.record({ 'p.$': paths, c: fc.integer() }),
  },
  { requiredKeys: [] },
);
const jsonataFields = fc.record({ Output: jsonataTexts, Assign: fc.record({ v: jsonataTexts }) }, { requiredKeys: [] });

const handlers = (names: readonly string[]) =>
  fc.record(
    {
      Retry: fc.tuple(
        fc.record({
          ErrorEquals: errorNames.map((name) => [name]),
          MaxAttempts: fc.nat(2),
          IntervalSeconds: fc.nat(3),
        }),
      ),
      Catch: fc.tuple(fc.record({ ErrorEquals: errorNames.map((name) => [name]), Next: fc.constantFrom(...names) })),
    },
    { requiredKeys: [] },
  );

function stateArb(names: readonly string[], depth: number): fc.Arbitrary<StateJson> {
  const next = fc.constantFrom(...names);
  const goesOn = fc.oneof(
    next.map((name) => ({ Next: name })),
    fc.constant({ End: true }),
  );
  const merged = (...parts: fc.Arbitrary<StateJson>[]): fc.Arbitrary<StateJson> =>
    fc.tuple(...parts).map((each) => Object.assign({}, ...each) as StateJson);
  const task = fc.record({
    Type: fc.constant('Task'),
    Resource: fc.constantFrom(
      'arn:aws:lambda:us-east-1:123456789012:function:f',
      'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      'arn:aws:states:us-east-1:123456789012:activity:a',
    ),
  });
  const timed = fc.record(
    { TimeoutSeconds: fc.integer({ min: 3, max: 9 }), HeartbeatSeconds: fc.integer({ min: 1, max: 2 }) },
    { requiredKeys: [] },
  );
  const leaves: fc.Arbitrary<StateJson>[] = [
    merged(fc.constant({ Type: 'Pass' }), dataFields, goesOn),
    merged(fc.constant({ Type: 'Pass', QueryLanguage: 'JSONata' }), jsonataFields, goesOn),
    merged(task, dataFields, timed, handlers(names), goesOn),
    merged(
      fc.constant({ Type: 'Wait' }),
      fc.constantFrom({ Seconds: 3 }, { SecondsPath: '$.a' }, { Timestamp: '2030-01-01T00:00:05Z' }),
      goesOn,
    ),
    fc.record({
      Type: fc.constant('Choice'),
      Choices: fc.tuple(fc.record({ Variable: paths, IsPresent: fc.boolean(), Next: next })),
      Default: next,
    }),
    fc.record({
      Type: fc.constant('Choice'),
      Choices: fc.tuple(fc.record({ Variable: paths, NumericGreaterThan: fc.integer(), Next: next })),
    }),
    fc.constant({ Type: 'Succeed' }),
    fc.constant({ Type: 'Fail', Error: 'Custom' }),
  ];
  if (depth === 0) return fc.oneof(...leaves);
  const flow = fc.integer({ min: 0, max: 1e9 }).chain((seed) => flowArb(`n${depth}_${seed}_`, depth - 1));
  return fc.oneof(
    ...leaves,
    merged(
      flow.chain((one) => flow.map((two) => ({ Type: 'Parallel', Branches: [one, two] }))),
      handlers(names),
      goesOn,
    ),
    merged(
      flow.map((processor) => ({ Type: 'Map', ItemProcessor: processor })),
      fc.constantFrom({}, { ItemsPath: '$.list' }),
      fc.constantFrom({}, { MaxConcurrency: 1 }),
      handlers(names),
      goesOn,
    ),
    merged(
      flow.map((processor) => ({
        Type: 'Map',
        ItemProcessor: { ...processor, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
      })),
      fc.constantFrom({}, { ItemsPath: '$.list' }),
      goesOn,
    ),
  );
}

interface FlowJson {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, StateJson>>;
}

/** A chain of states. Each leads to the next one, and may also lead elsewhere. */
function flowArb(prefix: string, depth: number): fc.Arbitrary<FlowJson> {
  const names = ['A', 'B', 'C'].map((name) => prefix + name);
  return fc.tuple(...names.map(() => stateArb(names, depth))).map((states) => ({
    StartAt: names[0] as string,
    States: Object.fromEntries([
      ...names.map((name, index) => [name, states[index] as StateJson]),
      [`${prefix}End`, { Type: 'Succeed' }],
    ]) as FlowJson['States'],
  }));
}

/** Removes states that cannot be reached, which AWS refuses. */
function reachable(flow: FlowJson): FlowJson {
  const kept = new Map<string, StateJson>();
  const visit = (name: string): void => {
    const state = flow.States[name];
    if (!state || kept.has(name)) return;
    kept.set(name, state);
    for (const [, target] of JSON.stringify({ ...state, Branches: null, ItemProcessor: null }).matchAll(
      /"(?:Next|Default)":"([^"]+)"/g,
    ))
      visit(target as string);
  };
  visit(flow.StartAt);
  const inner = (state: StateJson): StateJson => ({
    ...state,
    ...('Branches' in state && { Branches: (state['Branches'] as FlowJson[]).map(reachable) }),
    ...('ItemProcessor' in state && {
      ItemProcessor: { ...(state['ItemProcessor'] as object), ...reachable(state['ItemProcessor'] as FlowJson) },
    }),
  });
  return { StartAt: flow.StartAt, States: Object.fromEntries([...kept].map(([name, state]) => [name, inner(state)])) };
}

const inputs = fc.constantFrom<Json>(
  {},
  { a: 1, list: [{ n: 1 }, { n: 2 }] },
  { a: { b: 2 }, list: [] },
  [1, 2],
  'text',
  null,
);

type Move = 'succeed' | 'fail' | 'beat' | 'take' | 'advance' | 'stale';
const moves = fc.array(fc.constantFrom<Move>('succeed', 'succeed', 'fail', 'beat', 'take', 'advance', 'stale'), {
  maxLength: 12,
});

async function play(driver: Driver, move: Move): Promise<void> {
  const open = driver.calls.find(({ task }) => driver.execution.isOpen(task));
  const stale = driver.calls.find(({ task }) => !driver.execution.isOpen(task));
  if (move === 'advance') return driver.advance(4);
  if (move === 'stale' && stale) return driver.send({ type: 'taskSucceeded', task: stale.task, output: '{}' });
  if (!open) return;
  if (move === 'succeed') return driver.send({ type: 'taskSucceeded', task: open.task, output: '{"n":1}' });
  if (move === 'fail') return driver.send({ type: 'taskFailed', task: open.task, error: 'Boom', cause: 'c' });
  if (move === 'beat') return driver.send({ type: 'taskHeartbeat', task: open.task });
  return driver.send({ type: 'taskStarted', task: open.task, workerName: 'w' });
}

function checkHistory({ execution }: Driver): void {
  for (const [index, event] of execution.history.entries()) {
    expect(event.id).toBe(index + 1);
    expect(event.previousEventId).toBeGreaterThanOrEqual(0);
    expect(event.previousEventId).toBeLessThan(event.id);
  }
}

describe('any well-formed definition', () => {
  const runs = fc
    .record({ definition: flowArb('', 2).map(reachable), input: inputs, moves })
    .filter(({ definition }) => parseDefinition(JSON.stringify(definition)).machine !== undefined);

  test('ends or waits, throws nothing, and keeps its history in order (A1)', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(runs, async ({ definition, input, moves: script }) => {
        const driver = new Driver(definition, input);
        await driver.send({ type: 'start' });
        for (const move of script) await play(driver, move);
        checkHistory(driver);
        const { status, error } = driver.execution;
        if (status === 'FAILED') expect(error ?? 'Custom').toMatch(ERROR_NAMES);
        if (status === 'RUNNING')
          expect(driver.openTimers > 0 || driver.calls.some(({ task }) => driver.execution.isOpen(task))).toBe(true);
        else expect([driver.openTimers, driver.ended]).toEqual([0, 1]);
      }),
      { numRuns: 150 },
    );
  });

  test('abandons every task once when it is stopped (A2, A3)', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(runs, async ({ definition, input, moves: script }) => {
        const driver = new Driver(definition, input);
        await driver.send({ type: 'start' });
        for (const move of script.slice(0, 4)) await play(driver, move);
        const open = driver.calls.filter(({ task }) => driver.execution.isOpen(task));
        await driver.send({ type: 'stop' });
        expect(driver.openTimers).toBe(0);
        expect(new Set(driver.abandoned).size).toBe(driver.abandoned.length);
        for (const { task } of open) expect(driver.abandoned).toContain(task);
        expect(driver.calls.some(({ task }) => driver.execution.isOpen(task))).toBe(false);
        const events = driver.execution.history.length;
        for (const { task } of driver.calls) await driver.send({ type: 'taskSucceeded', task, output: '1' });
        expect(driver.execution.history.length).toBe(events);
      }),
      { numRuns: 100 },
    );
  });
});

describe('parseDefinition', () => {
  test('refuses any JSON with diagnostics, and throws nothing', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const { machine, diagnostics } = parseDefinition(text);
        expect(machine !== undefined || diagnostics.length > 0).toBe(true);
      }),
    );
  });

  test('throws nothing when one value of a definition is replaced by any other', () => {
    fc.assert(
      fc.property(flowArb('', 1), fc.nat(200), fc.jsonValue(), (flow, place, other) => {
        let count = 0;
        const text = JSON.stringify(flow, (_, value: unknown) => (count++ === place ? other : value));
        expect(() => parseDefinition(text)).not.toThrow();
      }),
      { numRuns: 300 },
    );
  });

  test('accepts or refuses any expression', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.string().map((text) => `$${text}`),
      fc.string().map((text) => `States.Format('${text}', $.a)`),
      fc.string().map((text) => `$.a[?(@.b =~ /${text}/i)]`),
      fc.string().map((text) => `$.a.${text}()`),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const state = { Type: 'Pass', Parameters: { 'x.$': text }, InputPath: text, ResultPath: text, End: true };
        expect(() => parseDefinition(JSON.stringify({ StartAt: 'S', States: { S: state } }))).not.toThrow();
      }),
    );
  });
});
