import type { Run } from 'sarif';
import { expect, it } from 'vitest';
import type { Finding } from './rule.ts';
import type { InputProblem } from './lint-text.ts';
import { reportSarif } from './report-sarif.ts';
import { allRules } from './lint-document.ts';

const finding: Finding = {
  ...{ rule: 'no-time-limit', severity: 'warning', file: 'my flows/a.asl.json', machine: 'module.a', state: 'Wait' },
  ...{ start: { line: 3, column: 5 }, end: { line: 3, column: 11 } },
  ...{ message: 'waits', why: 'Because.', mend: 'Mend it.' },
};
const run = (findings: readonly Finding[], problems: readonly InputProblem[] = []): Run =>
  reportSarif({ findings, problems }, allRules, { folder: '/work', pages: 'https://example.com/lint/' }).runs[0]!;

it('names each rule with its help, and the level of each', () => {
  const { rules = [] } = run([]).tool.driver;
  expect(rules.map(({ id }) => id)).toEqual(allRules.map(({ id }) => id));
  for (const { help, defaultConfiguration } of rules) {
    expect(help).toEqual({ text: expect.any(String) as string, markdown: expect.any(String) as string });
    expect(['error', 'warning', 'note']).toContain(defaultConfiguration?.level);
  }
});

it('places a result where code scanning can show it', () => {
  expect(run([finding]).results).toEqual([
    {
      ruleId: 'no-time-limit',
      ruleIndex: 0,
      level: 'warning',
      message: { text: 'Wait: waits. Because. Mend it.' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'my%20flows/a.asl.json', uriBaseId: 'SRCROOT' },
            region: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 11 },
          },
          logicalLocations: [{ fullyQualifiedName: 'module.a/Wait' }],
        },
      ],
      partialFingerprints: { 'batonLint/v1': 'my flows/a.asl.json|module.a|Wait|no-time-limit|waits' },
    },
  ]);
  expect(run([finding]).originalUriBaseIds).toEqual({ SRCROOT: { uri: 'file:///work/' } });
});

it('says what could not be read, so that nothing is taken for mended', () => {
  expect(run([]).invocations).toEqual([{ executionSuccessful: true, toolExecutionNotifications: [] }]);
  expect(run([], [{ exitCode: 65, message: 'a.asl.json is empty' }]).invocations).toEqual([
    {
      executionSuccessful: false,
      toolExecutionNotifications: [{ level: 'error', message: { text: 'a.asl.json is empty' } }],
    },
  ]);
});

it('names a file outside of the folder whole', () => {
  const { results } = run([{ ...finding, file: '../a.asl.json' }]);
  expect(JSON.stringify(results)).toContain('"uri":"file:///a.asl.json"}');
});

it('names the page of each rule', () => {
  const { rules = [] } = run([]).tool.driver;
  expect(rules.map(({ id, helpUri }) => helpUri === `https://example.com/lint/${id}.md`)).not.toContain(false);
});
