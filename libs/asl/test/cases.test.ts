import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type HistoryEvent, type Input, type Json, parseDefinition } from '../src/index.ts';
import { Driver } from './driver.ts';

/** What happens next. `task` is the index of the call, from 0; without it the latest call is meant. */
type Step =
  | { readonly succeed: Json; readonly task?: number }
  | { readonly fail: { readonly error?: string; readonly cause?: string }; readonly task?: number }
  | { readonly submit: Json; readonly task?: number }
  | { readonly take: string; readonly task?: number }
  | { readonly beat: true; readonly task?: number }
  | { readonly advance: number }
  | { readonly stop: { readonly error?: string; readonly cause?: string } }
  | { readonly redrive: true };

/** An event: id, previousEventId, type, and the details that matter to the case. */
type ExpectedEvent = readonly [number, number, string, { readonly [name: string]: Json }?];

interface RunCase {
  readonly claim: string;
  readonly definition: Json;
  readonly input?: Json;
  readonly script?: readonly Step[];
  readonly status: string;
  readonly output?: Json;
  readonly error?: string;
  readonly cause?: string;
  readonly history?: readonly ExpectedEvent[];
  /** The arguments of the calls, in order. */
  readonly calls?: readonly Json[];
  /** The indexes of the calls that were abandoned. */
  readonly abandoned?: readonly number[];
}

/** The value of a JSONPath template (`expression`) or of a JSONata expression (`jsonata`) in a Pass state. */
interface ValueCase {
  readonly claim?: string;
  readonly expression?: string;
  readonly jsonata?: string;
  readonly input?: Json;
  readonly value?: Json;
  readonly error?: string;
  readonly cause?: string;
}

/** A Choice rule, and whether it applies to an input. */
interface RuleCase {
  readonly claim?: string;
  readonly rule: { readonly [name: string]: Json };
  readonly input: Json;
  readonly applies: boolean;
}

/** A definition and its diagnostics: `[severity, code, message, location]`. */
interface DefinitionCase {
  readonly claim: string;
  readonly definition: Json;
  readonly type?: 'STANDARD' | 'EXPRESS';
  readonly diagnostics: readonly (readonly [string, string, string, string])[];
}

type Case = RunCase | ValueCase | RuleCase | DefinitionCase;

const folder = new URL('../cases/', import.meta.url);

for (const file of readdirSync(folder)) {
  describe(file.replace('.json', ''), () => {
    const cases = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Case[];
    test.each(cases.map((each) => [claimOf(each), each] as const))('%s', async (_, each) => {
      if ('diagnostics' in each) checkDefinition(each);
      else if ('rule' in each) await checkRule(each);
      else if ('definition' in each) await checkRun(each);
      else await checkValue(each);
    });
  });
}

function claimOf(each: Case): string {
  if (each.claim !== undefined) return each.claim;
  if ('rule' in each)
    return `${JSON.stringify(each.rule)} ${each.applies ? 'applies' : 'does not apply'} to ${JSON.stringify(each.input)}`;
  const { expression, jsonata, value, error } = each as ValueCase;
  return `${expression ?? jsonata} is ${error ?? JSON.stringify(value)}`;
}

async function checkRun(each: RunCase): Promise<void> {
  const driver = new Driver(each.definition, each.input);
  await driver.send({ type: 'start' });
  for (const step of each.script ?? []) await play(driver, step);
  const { execution } = driver;
  expect(execution.status, execution.cause).toBe(each.status);
  if (each.status === 'SUCCEEDED') expect(JSON.parse(execution.output ?? 'null')).toEqual(each.output);
  expect([execution.error, execution.cause]).toEqual([each.error, each.cause]);
  if (each.history)
    expect(execution.history.map((event, index) => likeness(event, each.history?.[index]))).toEqual(each.history);
  if (each.calls) expect(driver.calls.map(({ parameters }) => JSON.parse(parameters) as Json)).toEqual(each.calls);
  const abandoned = driver.abandoned.map((task) => driver.calls.findIndex((call) => call.task === task));
  expect(abandoned).toEqual(each.abandoned ?? []);
  if (each.status !== 'RUNNING') expect([driver.openTimers, driver.ended > 0]).toEqual([0, true]);
}

async function play(driver: Driver, step: Step): Promise<void> {
  if ('advance' in step) return driver.advance(step.advance);
  if ('redrive' in step) return driver.redrive();
  if ('stop' in step) return driver.send({ type: 'stop', ...step.stop });
  const call = driver.calls.at(step.task ?? -1);
  if (!call) throw new Error('the script names a call that was not made');
  return driver.send(taskInput(step, call.task));
}

function taskInput(
  step: Exclude<Step, { advance: number } | { redrive: true } | { stop: object }>,
  task: number,
): Input {
  if ('succeed' in step) return { type: 'taskSucceeded', task, output: JSON.stringify(step.succeed) };
  if ('fail' in step) return { type: 'taskFailed', task, ...step.fail };
  if ('submit' in step) return { type: 'taskSubmitted', task, output: JSON.stringify(step.submit) };
  if ('take' in step) return { type: 'taskStarted', task, workerName: step.take };
  return { type: 'taskHeartbeat', task };
}

/** Returns an event in the form of the case, with the details that the case names. JSON texts are compared as values. */
function likeness(event: HistoryEvent, expected: ExpectedEvent | undefined): ExpectedEvent {
  const details = Object.entries(event).find(([name]) => name.endsWith('EventDetails'))?.[1] as
    Record<string, Json> | undefined;
  const wanted = expected?.[3];
  if (!wanted) return [event.id, event.previousEventId, event.type];
  const shown = Object.keys(wanted).map((name) => [name, parsed(details?.[name], wanted[name])]);
  return [event.id, event.previousEventId, event.type, Object.fromEntries(shown) as { [name: string]: Json }];
}

function parsed(given: Json | undefined, wanted: Json | undefined): Json | undefined {
  return typeof given === 'string' && typeof wanted !== 'string' ? (JSON.parse(given) as Json) : given;
}

async function checkValue(each: ValueCase): Promise<void> {
  const state =
    each.expression === undefined
      ? { Type: 'Pass', QueryLanguage: 'JSONata', Output: { value: `{% ${each.jsonata} %}` }, End: true }
      : { Type: 'Pass', Parameters: { 'value.$': each.expression }, End: true };
  const driver = new Driver({ StartAt: 'Make', States: { Make: state } }, each.input);
  await driver.send({ type: 'start' });
  const { status, output, error, cause } = driver.execution;
  const seen = {
    error,
    ...(each.cause !== undefined && { cause }),
    ...(status === 'SUCCEEDED' && (JSON.parse(output ?? '') as object)),
  };
  expect(seen, cause).toEqual({
    error: each.error,
    ...('value' in each && { value: each.value }),
    ...(each.cause !== undefined && { cause: each.cause }),
  });
}

async function checkRule({ rule, input, applies }: RuleCase): Promise<void> {
  const choice = { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' };
  const ends = { Yes: { Type: 'Pass', Result: true, End: true }, No: { Type: 'Pass', Result: false, End: true } };
  const driver = new Driver({ StartAt: 'Choose', States: { Choose: choice, ...ends } }, input);
  await driver.send({ type: 'start' });
  expect(driver.execution.output, driver.execution.cause).toBe(String(applies));
}

function checkDefinition({ definition, type, diagnostics }: DefinitionCase): void {
  const text = typeof definition === 'string' ? definition : JSON.stringify(definition);
  const found = parseDefinition(text, type ? { type } : {});
  expect(found.diagnostics.map(({ severity, code, message, location }) => [severity, code, message, location])).toEqual(
    diagnostics,
  );
  expect(found.machine === undefined).toBe(diagnostics.some(([severity]) => severity === 'ERROR'));
}
