import { expect, test } from 'vitest';
import { drawStateMachine } from './picture.ts';

const draw = (States: unknown, StartAt: string) => drawStateMachine(JSON.stringify({ StartAt, States })).split('\n');

test('a placeholder may stand for a number', () => {
  expect(drawStateMachine('{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":${n},"End":true}}}')).toBe(
    'stateDiagram-v2\n  [*] --> A\n  A --> [*]',
  );
});

test('names with spaces get ids, catches and choices are named, a waiting state says so', () => {
  const lines = draw(
    {
      'Ask People': {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'No' }],
        Next: 'Decide',
      },
      Decide: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericEquals: 1, Next: 'Yes' }], Default: 'No' },
      Yes: { Type: 'Succeed' },
      No: { Type: 'Fail' },
    },
    'Ask People',
  );
  expect(lines).toEqual([
    'stateDiagram-v2',
    '  state "Ask People" as Ask_People',
    '  [*] --> Ask_People',
    '  Ask_People --> Decide',
    '  Ask_People --> No : catch States.Timeout',
    '  Ask_People : waits for its callback',
    '  Decide --> Yes : $.n NumericEquals 1',
    '  Decide --> No : otherwise',
    '  Yes --> [*]',
    '  No --> [*] : fails',
  ]);
});

test('branches stand side by side, inside their state, and may use the same names', () => {
  const branch = { StartAt: 'A', States: { A: { Type: 'Pass', End: true } } };
  expect(draw({ Both: { Type: 'Parallel', Branches: [branch, branch], End: true } }, 'Both')).toEqual([
    'stateDiagram-v2',
    '  [*] --> Both',
    '  state Both {',
    '    state "A" as Both_1_A',
    '    [*] --> Both_1_A',
    '    Both_1_A --> [*]',
    '    --',
    '    state "A" as Both_2_A',
    '    [*] --> Both_2_A',
    '    Both_2_A --> [*]',
    '  }',
    '  Both --> [*]',
  ]);
});
