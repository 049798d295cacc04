import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLocalAws, type LocalAws } from '../../../local-aws.ts';
import type { JsonObject } from '../../../kernel/service.ts';
import { ROLE } from '../testing.ts';

/** The instants at which waits end, as members of the input: they must be alike on both clocks. */
const INSTANTS = ['w0', 'w1', 'w2', 'w3'];
const instant = fc.constantFrom(...INSTANTS);
const wait = instant.map((name) => ({ Type: 'Wait', TimestampPath: `$.${name}` }));
const pass = fc.nat(9).map((Result) => ({ Type: 'Pass', Result, ResultPath: '$.r' }));
const fail = fc.constant({ Type: 'Fail', Error: 'Boom' });

/** Names are unique in a machine. */
let states = 0;

/** States one after the other, the last one of `ends`. */
const flow = (steps: readonly JsonObject[]): JsonObject => {
  const names = steps.map(() => `S${++states}`);
  const link = (step: JsonObject, index: number): JsonObject => {
    if (step['Type'] === 'Fail') return step;
    return { ...step, ...(index + 1 < steps.length ? { Next: names[index + 1] } : { End: true }) };
  };
  return {
    StartAt: names[0],
    States: Object.fromEntries(steps.map((step, index) => [names[index], link(step, index)])),
  };
};
const branch = fc.tuple(wait, fc.oneof(pass, wait, fail)).map(([first, last]) => flow([first, last]));
const parallel = fc.array(branch, { minLength: 2, maxLength: 3 }).map((Branches) => ({
  ...{ Type: 'Parallel', Branches, ResultPath: '$.r' },
  Catch: [{ ErrorEquals: ['Boom'], ResultPath: '$.r', Next: 'Caught' }],
}));
const machine = fc.array(fc.oneof(pass, wait, parallel), { minLength: 1, maxLength: 4 }).map((steps) => {
  const { StartAt, States } = flow(steps);
  // What nothing leads to is refused.
  const caught = JSON.stringify(States).includes('Caught') && { Caught: { Type: 'Succeed' } };
  return JSON.stringify({ StartAt, States: { ...(States as JsonObject), ...caught } });
});

/** Runs the machines side by side and answers their histories, without what the clock alone decides. */
async function histories(
  aws: LocalAws,
  definitions: readonly string[],
  finish: (ended: Promise<void>) => Promise<void>,
): Promise<string[][]> {
  const base = aws.clock.now() + 300;
  const instants = INSTANTS.map((name, index) => [name, new Date(base + index * 40).toISOString()] as const);
  let left = definitions.length;
  const ended = new Promise<void>((resolve) => {
    aws.observe({
      event: ({ detail }) => {
        if (detail['status'] !== 'RUNNING' && --left === 0) resolve();
      },
    });
  });
  const executions: unknown[] = [];
  for (const [index, definition] of definitions.entries()) {
    const machine = await aws.call('states:CreateStateMachine', { name: `m${index}`, definition, roleArn: ROLE });
    const input = JSON.stringify(Object.fromEntries(instants));
    const { stateMachineArn } = machine;
    executions.push((await aws.call('states:StartExecution', { stateMachineArn, input }))['executionArn']);
  }
  await finish(ended);
  return Promise.all(
    executions.map(async (executionArn) => {
      const { events } = await aws.call('states:GetExecutionHistory', { executionArn, maxResults: 1000 });
      return (events as JsonObject[]).map((event) => {
        const text = JSON.stringify({ ...event, timestamp: undefined });
        return instants.reduce((sum, [name, time]) => sum.replaceAll(time, name), text);
      });
    }),
  );
}

describe('a run', () => {
  it('is the same on the manual clock and on the real one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(machine, { minLength: 12, maxLength: 12 }), async (definitions) => {
        const manual = createLocalAws({ clock: 'manual' });
        const real = createLocalAws();
        try {
          const fast = await histories(manual, definitions, () => manual.clock.advance(1000));
          const slow = await histories(real, definitions, (ended) => ended);
          expect(slow).toEqual(fast);
        } finally {
          await Promise.all([manual.close(), real.close()]);
        }
      }),
      { numRuns: 5, interruptAfterTimeLimit: 20_000, endOnFailure: true },
    );
  });
});
