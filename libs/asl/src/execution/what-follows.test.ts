import { expect, test } from 'vitest';
import { parseDefinition } from '../definition/parse-definition.ts';
import { type StateEnd, whatFollows } from './what-follows.ts';

const task = (more: object) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
  Parameters: { QueueUrl: 'q', 'MessageBody.$': '$$.Task.Token' },
  ...more,
});
const { machine } = parseDefinition(
  JSON.stringify({
    StartAt: 'Ask',
    States: {
      Ask: task({
        Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 5, MaxAttempts: 2, BackoffRate: 3, MaxDelaySeconds: 10 }],
        Catch: [
          { ErrorEquals: ['Denied'], Next: 'Tell' },
          { ErrorEquals: ['States.ALL'], Next: 'Clean' },
        ],
        Next: 'Both',
      }),
      Both: {
        Type: 'Parallel',
        Branches: [{ StartAt: 'Left', States: { Left: task({ End: true }) } }],
        Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'Clean' }],
        Next: 'Last',
      },
      Last: task({ End: true }),
      Tell: { Type: 'Pass', End: true },
      Clean: { Type: 'Fail' },
    },
  }),
);

const failure = (error: string): StateEnd => ({ type: 'failure', error });
const ends: [string, string, StateEnd, number, object][] = [
  ['a success goes on', 'Ask', { type: 'success' }, 0, { type: 'next', next: 'Both' }],
  [
    'a matching Retry comes before every Catch',
    'Ask',
    failure('Busy'),
    0,
    { type: 'retry', retry: 1, maxAttempts: 2, delaySeconds: 5 },
  ],
  ['its wait grows, to its limit', 'Ask', failure('Busy'), 1, { type: 'retry', retry: 2, delaySeconds: 10 }],
  [
    'once it is used up, Catch is asked',
    'Ask',
    failure('Busy'),
    2,
    { type: 'catch', errorEquals: ['States.ALL'], next: 'Clean' },
  ],
  [
    'the first Catch that matches is taken',
    'Ask',
    failure('Denied'),
    0,
    { type: 'catch', errorEquals: ['Denied'], next: 'Tell' },
  ],
  ['a branch that ends waits for the others', 'Left', { type: 'success' }, 0, { type: 'branch-done', within: 'Both' }],
  [
    'what a branch does not catch fails the state around',
    'Left',
    failure('Lost'),
    0,
    { type: 'catch', state: 'Both', next: 'Clean' },
  ],
  [
    'a timeout is no TaskFailed',
    'Left',
    failure('States.Timeout'),
    0,
    { type: 'execution-fails', error: 'States.Timeout' },
  ],
  ['what nobody catches fails the execution', 'Last', failure('Lost'), 0, { type: 'execution-fails', error: 'Lost' }],
  ['the last state ends it', 'Last', { type: 'success' }, 0, { type: 'execution-succeeds' }],
];

test.each(ends)('%s', (_, state, end, retries, expected) => {
  expect(whatFollows(machine!, state, end, retries)).toMatchObject(expected);
});

test('of a state that is not there nothing is said', () => {
  expect(whatFollows(machine!, 'Nowhere', { type: 'success' }, 0)).toBeUndefined();
});
