import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Terminal } from '../terminal.ts';
import { type LintOptions, runLint } from './lint.ts';

const WAITS = { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', End: true };
const PASSES = { ...WAITS, Parameters: { 'MessageBody.$': '$$.Task.Token' } };
const definition = (state: object, machine = {}): string =>
  JSON.stringify({ ...machine, StartAt: 'Wait', States: { Wait: state } });

let folder: string;
const path = (name: string): string => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lint-'));
  writeFileSync(path('error.asl.json'), definition(PASSES));
  writeFileSync(path('warning.asl.json'), definition(PASSES, { TimeoutSeconds: 60 }));
  writeFileSync(path('clean.asl.json'), definition({ ...PASSES, TimeoutSeconds: 60 }));
  writeFileSync(path('broken.asl.json'), '{');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(names: readonly string[], options: LintOptions = {}): Promise<{ status: number; out: string }> {
  const lines: string[] = [];
  const line = (text: string): void => void lines.push(text);
  const terminal: Terminal = {
    interactive: false,
    width: 80,
    colors: pc.createColors(false),
    line,
    live: line,
    error: line,
  };
  return { status: await runLint(names.map(path), options, terminal), out: lines.join('\n') };
}

it.each([
  ['clean.asl.json', {}, 0],
  ['warning.asl.json', {}, 1],
  ['warning.asl.json', { maxWarnings: '1' }, 0],
  ['warning.asl.json', { maxWarnings: '0' }, 1],
  ['error.asl.json', {}, 1],
  ['clean.asl.json', { type: 'EXPRESS' }, 1],
])('%s with %j exits with %i', async (name, options, status) =>
  expect((await run([name], options)).status).toBe(status),
);

it('prints for scripts', async () => {
  const json = JSON.parse((await run(['error.asl.json'], { json: true })).out) as { findings: { rule: string }[] };
  expect(json.findings.map(({ rule }) => rule)).toEqual(['no-time-limit']);
  const sarif = JSON.parse((await run(['error.asl.json'], { sarif: true })).out) as { version: string };
  expect(sarif.version).toBe('2.1.0');
});

it('reports what it could read before it says what it could not', async () => {
  await expect(run(['error.asl.json', 'broken.asl.json'])).rejects.toThrow(
    expect.objectContaining({
      exitCode: 65,
      message: expect.stringContaining('broken.asl.json:1:2: not JSON') as string,
    }),
  );
});

it.each([
  [{ json: true, sarif: true }, '--json and --sarif exclude each other'],
  [{ type: 'express' }, '"express" is not a type of state machine: give STANDARD or EXPRESS'],
  [{ maxWarnings: 'some' }, '"some" is not a number of warnings: give 0 or more'],
])('refuses %j', async (options, message) => {
  await expect(run(['clean.asl.json'], options)).rejects.toThrow(expect.objectContaining({ exitCode: 64, message }));
});
