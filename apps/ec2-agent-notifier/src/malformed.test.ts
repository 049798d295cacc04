/** Whatever answers, jobs, settings and markers say: what is malformed is refused by name, and never ends the notifier by itself. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClaimAnswer, classifyReply, HeartbeatAnswer, ReportAnswer } from '@baton/token-lib';
import { malformedRuns, malformedText, RUN_ID } from '@baton/token-lib/testing';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseArguments } from './arguments.ts';
import { readConfig } from './config.ts';
import { ExitError } from './exit-codes.ts';
import { reportOf } from './job-outcome.ts';
import { stdoutReader } from './job-stdout.ts';
import { openMarkerStore } from './marker-store.ts';

const ID = '0123456789abcdefghjkmnpqrs';

const granted = {
  answer: 'granted',
  job: { command: ['./make-report.sh'], environment: { ROWS: '5' } },
  heartbeatIntervalSeconds: 20,
  heartbeatSeconds: 60,
  timeLeftSeconds: 3600,
  stopGraceSeconds: 10,
};

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'baton-markers-'));
});
afterAll(() => rm(directory, { recursive: true }));

const exits = (act: () => unknown): void => {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(ExitError);
  }
};

test('answers to claims, heartbeats and reports are one of their kind, or ask again', () => {
  const answers = [granted, { answer: 'wait', retryAfterSeconds: 5 }, { answer: 'continue', timeLeftSeconds: 5 }];
  fc.assert(
    fc.property(
      malformedText(...answers, { answer: 'applied' }),
      fc.constantFrom(200, 202, 400, 403, 409, 503),
      (body, status) => {
        for (const schema of [ClaimAnswer, HeartbeatAnswer, ReportAnswer]) {
          const { kind } = classifyReply<unknown>(status, body, schema);
          expect(['answered', 'temporary', 'forbidden', 'refused']).toContain(kind);
        }
      },
    ),
    malformedRuns(500),
  );
});

test('what a job leaves is an outcome', () => {
  const end = { kind: 'exited', code: 0, stderrTail: '' } as const;
  fc.assert(
    fc.property(malformedText({ rows: [1, { x: 2 }] }), malformedText({ rows: 5 }), (text, progress) => {
      const stdout = stdoutReader(
        (each) => expect(() => JSON.stringify(each)).not.toThrow(),
        () => undefined,
      );
      stdout.push(Buffer.from(`::progress ${progress}\n${text}\n`));
      stdout.end();
      for (const report of [
        reportOf(end, { kind: 'text', text }, { kind: 'none' }),
        reportOf(end, { kind: 'none' }, stdout.lastJson()),
      ]) {
        expect(() => JSON.stringify(report)).not.toThrow();
        if (report.kind === 'failure')
          expect(report.error).toMatch(/^Baton\.(InvalidOutput|OutputTooLarge|JsonTooDeep)$/);
      }
    }),
    malformedRuns(500),
  );
});

test('settings and command lines are read, or end the program with what is wrong', () => {
  const variable = fc.option(fc.oneof(fc.string(), fc.constantFrom('http://[', 'https://x', '{}')), { nil: undefined });
  const names = ['BATON_STATE_DIRECTORY', 'SSM_COMMAND_ID', 'AWS_REGION', 'AWS_EC2_METADATA_SERVICE_ENDPOINT'];
  const words = fc.constantFrom(
    'run',
    'recover',
    '--callback-id',
    ID,
    '--endpoint',
    'https://a.example',
    '--',
    '-h',
    '',
  );
  fc.assert(
    fc.property(
      fc.record(Object.fromEntries(names.map((name) => [name, variable]))),
      fc.array(fc.oneof(words, fc.string()), { maxLength: 7 }),
      (environment, argv) => {
        exits(() => readConfig(environment));
        exits(() => parseArguments(argv));
      },
    ),
    malformedRuns(500),
  );
});

test('a marker is read, or blocks its own callback with its name', async () => {
  const run = { callbackId: ID, runId: RUN_ID, bootId: 'boot', pid: 7, processStart: '99' };
  const markers = [
    { ...run, phase: 'running' },
    { ...run, phase: 'reporting', report: { kind: 'success', output: { rows: [1, { x: 2 }] } } },
    { ...run, phase: 'closed', end: 'success applied', closedAtEpochMs: 1 },
  ];
  const store = await openMarkerStore(directory);
  await fc.assert(
    fc.asyncProperty(malformedText(...markers), async (text) => {
      await writeFile(join(directory, `${ID}.json`), text, { mode: 0o600 });
      try {
        const marker = await store.read(ID);
        expect(() => JSON.stringify(marker)).not.toThrow();
      } catch (error) {
        expect(error).toBeInstanceOf(ExitError);
        expect(String(error)).toContain(`${ID}.json`);
      }
    }),
    malformedRuns(300),
  );
});
