import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SCHEMAS } from './json-schemas.ts';
import { workProblems } from './work-problems.ts';

test.each(Object.entries(SCHEMAS))('%s is what the product reads with; else: npm run docs:schemas', (name, schema) => {
  const written = readFileSync(new URL(`../../schemas/${name}`, import.meta.url), 'utf8');
  expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(schema)));
});

const context = { 'executionArn.$': 'a', 'state.$': 'b', 'enteredTime.$': 'c', 'retryCount.$': 'd' };
const queue = { kind: 'queue', 'queueUrl.$': '$.url', message: 1, timeoutSeconds: 60 };
const said = (work: object, payload: object = { context }) =>
  workProblems({ ...payload, work }).map(({ path, message }) => `${path} ${message}`);

test('work that is known when the state runs is left alone', () => {
  expect(said(queue)).toEqual([]);
  expect(said({ ...queue, timeoutSeconds: '${timeout_seconds}', message: { 'file.$': '$.file' } })).toEqual([]);
  expect(said({ kind: '{% $kind %}', whatever: 1 })).toEqual([]);
  expect(said({ kind: 'approval', title: 'x', approvers: [{ 'name.$': '$.who' }], timeoutSeconds: 5 })).toEqual([]);
});

test.each([
  ['a misspelt member', { ...queue, queueURL: 'x' }, 'work.queueURL is no member of work of kind queue; "queueUrl" is'],
  ['a misspelt kind', { ...queue, kind: 'quue' }, 'work.kind "quue" is no kind of work; "queue" is: it is one of ssm,'],
  ['no kind', { message: 1 }, 'work.kind is missing'],
  [
    'a URL that is none',
    { kind: 'queue', queueUrl: 'jobs', message: 1, timeoutSeconds: 60 },
    "work.queueUrl must be an SQS queue's URL",
  ],
  ['a missing message', { kind: 'queue', 'queueUrl.$': '$.u', timeoutSeconds: 1 }, 'work.message is missing'],
  [
    'a host without a command',
    { kind: 'ssm', 'instanceId.$': '$.i', timeoutSeconds: 60, heartbeatSeconds: 5 },
    'work.command is needed, or else shell',
  ],
])('%s is named', (_what, work, message) => {
  expect(said(work).join('\n')).toContain(message);
});

test('a missing context is named, whole or in part', () => {
  expect(said(queue, {})).toEqual(['context is missing: a retry could not be told from a new piece of work']);
  expect(said(queue, { context: { ...context, 'retryCount.$': undefined, state: 'S' } })).toEqual([]);
  expect(said(queue, { context: { 'executionArn.$': 'a', 'state.$': 'b', 'enteredTime.$': 'c' } })).toHaveLength(1);
});
