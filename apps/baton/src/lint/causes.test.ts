import { expect, it } from 'vitest';
import { lintText, merge } from './lint-text.ts';

const rules = (states: object): readonly string[] =>
  lintText({ file: 'a.asl.json', text: JSON.stringify({ StartAt: 'A', States: states }) }).findings.map(
    ({ state, rule }) => `${state} ${rule}`,
  );

it('tells of an integration that cannot wait, and not of what waiting would need', () => {
  const Resource = 'arn:aws:states:::dynamodb:putItem.waitForTaskToken';
  expect(rules({ A: { Type: 'Task', Resource, Parameters: { TableName: 't' }, End: true } })).toEqual([
    'A callback-unsupported',
  ]);
});

it('tells of a target that is missing, and not of the states that it leaves behind', () => {
  expect(rules({ A: { Type: 'Pass', Next: 'Typo' }, B: { Type: 'Pass', Next: 'C' }, C: { Type: 'Succeed' } })).toEqual([
    'A definition',
  ]);
  expect(rules({ A: { Type: 'Succeed' }, B: { Type: 'Succeed' } })).toEqual(['B definition']);
});

it('tells of a file once that two machines are made from', () => {
  const once = lintText({ file: 'a.asl.json', text: '{"StartAt":"A","States":{}}' });
  const other = { ...once, findings: once.findings.map((finding) => ({ ...finding, machine: 'other' })) };
  expect(merge([once, other]).findings).toEqual(once.findings);
});
