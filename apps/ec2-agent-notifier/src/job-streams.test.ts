/** What a job's streams and end become: lines, progress, output, report. */
import { MAX_OUTPUT_BYTES } from '@baton/token-lib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lastLines, reportOf, type JobEnd, type OutputFile } from './job-outcome.ts';
import { parseProgress, stdoutReader, type LastJson, type Progress } from './job-stdout.ts';
import { lineSplitter } from './line-splitter.ts';

/** Feeds chunks, gives what the sink was told. */
function split(limitBytes: number, chunks: readonly Buffer[]): { kind: 'line' | 'piece' | 'long'; text: string }[] {
  const told: { kind: 'line' | 'piece' | 'long'; text: string }[] = [];
  const splitter = lineSplitter(limitBytes, {
    line: (bytes) => told.push({ kind: 'line', text: bytes.toString('latin1') }),
    piece: (bytes) => told.push({ kind: 'piece', text: bytes.toString('latin1') }),
    longLineEnded: (first, last) => told.push({ kind: 'long', text: first + last }),
  });
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return told;
}

describe('lines', () => {
  const bytes = fc.array(fc.string({ unit: fc.constantFrom('a', '\n', 'b', '{') }).map((text) => Buffer.from(text)));

  test('lose no byte and keep their order, however they are cut', () => {
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 20 }), (chunks, limit) => {
        const through = split(limit, chunks).filter(({ kind }) => kind !== 'long');
        expect(through.map(({ text }) => text).join('')).toBe(Buffer.concat(chunks).toString('latin1'));
      }),
    );
  });

  test('within the limit come whole, over it in pieces, and no line is told twice', () => {
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 20 }), (chunks, limit) => {
        const expected =
          Buffer.concat(chunks)
            .toString('latin1')
            .match(/[^\n]*\n|[^\n]+$/g) ?? [];
        const told = split(limit, chunks);
        expect(told.filter(({ kind }) => kind === 'line').map(({ text }) => text)).toEqual(
          expected.filter((line) => line.length <= limit),
        );
        expect(told.filter(({ kind }) => kind === 'long')).toHaveLength(
          expected.filter((line) => line.length > limit).length,
        );
      }),
    );
  });

  test('over the limit are told by their first and last visible byte', () => {
    expect(
      split(4, [Buffer.from(' {"a"'), Buffer.from(':1}'), Buffer.from(' \n'), Buffer.from('ok\n')]).at(-2),
    ).toEqual({ kind: 'long', text: '{}' });
  });
});

function read(...chunks: string[]): { through: string; progress: Progress[]; log: string[]; lastJson: LastJson } {
  const progress: Progress[] = [];
  const log: string[] = [];
  const reader = stdoutReader(
    (one) => progress.push(one),
    (line) => log.push(line),
  );
  const through = chunks.map((chunk) => reader.push(Buffer.from(chunk)).toString()).join('') + reader.end().toString();
  return { through, progress, log, lastJson: reader.lastJson() };
}

describe('stdout', () => {
  test('gives progress, also from a line that came in two chunks', () => {
    expect(read('a\n::progress {"rows"', ':1}\nb')).toMatchObject({
      through: 'a\nb',
      progress: [{ rows: 1 }],
      log: [],
    });
  });

  test('keeps malformed progress and warns once', () => {
    const { through, progress, log } = read('::progress [1]\n::progress {\n::progression {}\n');
    expect({ through, progress }).toEqual({
      through: '::progress [1]\n::progress {\n::progression {}\n',
      progress: [],
    });
    expect(log).toHaveLength(1);
  });

  test.each([
    ['nothing', '', { kind: 'none' }],
    ['the last object', '{"a":1}\n{"b":2}\n', { kind: 'value', value: { b: 2 } }],
    ['an array without a last newline', 'x\n [1, 2] ', { kind: 'value', value: [1, 2] }],
    ['an object with words after it', '{"a":1}\ndone\n', { kind: 'value', value: { a: 1 } }],
    ['no number, word or broken object', '42\ntrue\n"x"\n{a}\n', { kind: 'none' }],
    ['a line that is too large', `{"a":1}\n{"x":"${'x'.repeat(1_100_000)}"}\n`, { kind: 'too-large' }],
    [
      'the last object, after too large a line',
      `["${'x'.repeat(1_100_000)}"]\n{"a":1}\n`,
      { kind: 'value', value: { a: 1 } },
    ],
  ])('takes for output: %s', (_, text, expected) => {
    expect(read(text).lastJson).toEqual(expected);
  });

  test('takes no progress over 4,096 bytes', () => {
    expect(parseProgress(`::progress {"a":"${'x'.repeat(4_100)}"}`)).toBeUndefined();
  });
});

describe('the end of a job', () => {
  const exited: JobEnd = { kind: 'exited', code: 0, stderrTail: '' };
  const none: OutputFile = { kind: 'none' };
  const said: LastJson = { kind: 'value', value: { said: true } };
  const exact = 'x'.repeat(MAX_OUTPUT_BYTES - 2);
  const rows: [string, JobEnd, OutputFile, LastJson, object][] = [
    ['nothing said', exited, none, { kind: 'none' }, { kind: 'success', output: null }],
    ['a JSON line', exited, none, said, { kind: 'success', output: { said: true } }],
    ['a file', exited, { kind: 'text', text: ' 7\n' }, said, { kind: 'success', output: 7 }],
    ['a file that is not JSON', exited, { kind: 'text', text: 'x' }, said, { error: 'Baton.InvalidOutput' }],
    ['a file of exactly the limit', exited, { kind: 'text', text: `"${exact}"` }, said, { kind: 'success' }],
    ['a file over the limit', exited, { kind: 'text', text: `"${exact}x"` }, said, { error: 'Baton.OutputTooLarge' }],
    [
      'a file over the limit in bytes alone',
      exited,
      { kind: 'text', text: `"${exact.slice(1)}é"` },
      said,
      { error: 'Baton.OutputTooLarge' },
    ],
    ['a file that was not even read', exited, { kind: 'too-large' }, said, { error: 'Baton.OutputTooLarge' }],
    ['a huge line', exited, none, { kind: 'too-large' }, { error: 'Baton.OutputTooLarge' }],
    [
      'an exit code',
      { ...exited, code: 3 },
      none,
      said,
      { error: 'Baton.JobFailed', cause: 'The job exited with code 3. It wrote nothing to stderr.' },
    ],
    ['a signal', { kind: 'killed', signal: 'SIGSEGV', stderrTail: 'oh' }, none, said, { error: 'Baton.JobKilled' }],
    [
      'no start',
      { kind: 'not-started', error: 'Baton.CommandNotFound', cause: 'c' },
      none,
      said,
      { error: 'Baton.CommandNotFound', cause: 'c' },
    ],
  ];
  test.each(rows)('with %s', (_, end, file, lastJson, expected) => {
    expect(reportOf(end, file, lastJson)).toMatchObject(expected);
  });

  test.each([
    ['one\ntwo\n', 100, 'one\ntwo'],
    ['one\ntwo\nthree\n', 8, 'three'],
    ['aaaaéé', 3, 'é'],
    ['0123456789', 4, '6789'],
  ])('the end of %j within %i bytes is %j', (text, limit, expected) => {
    expect(lastLines(Buffer.from(text), limit)).toBe(expected);
  });
});
