import pc from 'picocolors';
import { expect, it } from 'vitest';
import type { Finding } from './rule.ts';
import { reportText } from './report-text.ts';

const finding: Finding = {
  ...{ rule: 'no-time-limit', severity: 'error', file: 'a.asl.json', machine: undefined, state: 'Wait\u001b[2J' },
  ...{ start: { line: 3, column: 5 }, end: { line: 3, column: 11 } },
  ...{ message: 'waits', why: 'Because it is so. '.repeat(6).trim(), mend: 'Mend it.' },
};

it('is plain in a pipe, grouped by file, and lets no control character through', () => {
  const findings = [finding, { ...finding, severity: 'note' as const }, { ...finding, file: 'b.json', machine: 'm' }];
  expect(
    reportText({ findings, definitions: 3, problems: [], read: [], skipped: [] }, pc.createColors(false)).join('\n'),
  ).toMatchInlineSnapshot(`
    "a.asl.json
      3:5     error   Wait [2J: waits  no-time-limit
                      Because it is so. Because it is so. Because it is so. Because it is so. Because
                      it is so. Because it is so.
                      mend: Mend it.
      3:5     note    Wait [2J: waits  no-time-limit
                      Because it is so. Because it is so. Because it is so. Because it is so. Because
                      it is so. Because it is so.
                      mend: Mend it.

    b.json  m
      3:5     error   Wait [2J: waits  no-time-limit
                      Because it is so. Because it is so. Because it is so. Because it is so. Because
                      it is so. Because it is so.
                      mend: Mend it.

    2 errors, 1 note in 3 definitions."
  `);
});

it('is coloured on a terminal', () => {
  const text = reportText(
    { findings: [finding], definitions: 1, problems: [], read: [], skipped: [] },
    pc.createColors(true),
  ).join('\n');
  expect(text).toContain(pc.createColors(true).red('1 error'));
});

it('says when there is nothing', () => {
  expect(
    reportText({ findings: [], definitions: 1, problems: [], read: [], skipped: [] }, pc.createColors(false)),
  ).toEqual(['Nothing found in 1 definition.']);
});

it('ends with what was read and what was not, and why', () => {
  const skipped = [
    ...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ file: `${name}.json`, reason: 'declares no state machine' })),
    { file: 'node_modules', reason: 'installed packages' },
  ];
  const read = [
    { file: 'x.asl.json', form: 'ASL' as const, definitions: 1 },
    { file: 'template.yaml', form: 'CloudFormation' as const, definitions: 2 },
  ];
  expect(reportText({ findings: [], definitions: 3, problems: [], read, skipped }, pc.createColors(false))).toEqual([
    'Nothing found in 3 definitions.',
    'Read 2 files: 1 ASL, 1 CloudFormation.',
    'Skipped 7:',
    '  declares no state machine: a.json, b.json, c.json, d.json, e.json and 1 more',
    '  installed packages: node_modules',
  ]);
});
