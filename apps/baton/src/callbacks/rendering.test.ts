/** Pure formatting, as tables. */
import {
  BatonError,
  type Callback,
  countVote,
  dispatched,
  explain,
  failure,
  grantClaim,
  heartbeat,
  listCallbacks,
  report,
  showCallback,
  success,
  supersede,
  taskClosed,
  told,
  viewOf,
  summaryOf,
  type Work,
} from '@baton/token-lib';
import {
  EXECUTION_ARN,
  fromOperator,
  memoryTable,
  nextOf,
  RUN_ID,
  sampleApprovalWork,
  sampleRow,
  sampleWork,
  START,
  tokenText,
  workIn,
} from '@baton/token-lib/testing';
import fc from 'fast-check';
import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import { CliError } from '../terminal.ts';
import { parseCallbackId } from './arguments.ts';
import { formatDuration, parseDuration } from './format.ts';
import { lifeText } from './life-text.ts';
import { listText } from './list-text.ts';
import { formatTable } from './table.ts';
import { troubleOf } from './trouble.ts';

const screen = { colors: pc.createColors(false), width: Infinity };
const now = START + 600_000;
const request = { runId: RUN_ID, commandId: 'command-1', bootId: 'boot-1' };

const stored = sampleRow();
const sent = nextOf(dispatched(stored, 'command-1'));
const claimed = nextOf(grantClaim(sent, request, START));
const running = nextOf(heartbeat(claimed, { runId: RUN_ID, progress: { rows: 1, of: 4 } }, START + 9_000));
const outcome = success({ rows: 3 });
const settling = nextOf(report(running, { from: fromOperator, outcome, at: now }));
const settled = nextOf(told(settling, { answer: 'accepted' }, now));
const gone = nextOf(taskClosed(running, 'task-closed', now));
const rows = { stored, sent, running, settling, settled, gone };

test.each([
  [0, '0s'],
  [59.9, '59s'],
  [185, '3m 05s'],
  [8_045, '2h 14m'],
  [97_300, '1d 03h'],
  [-5, '0s'],
])('%d seconds read %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test.each([
  ['90s', 90],
  ['15m', 900],
  ['2h', 7_200],
  ['1d', 86_400],
  ['15', undefined],
  ['1.5h', undefined],
  ['-1h', undefined],
  ['', undefined],
])('the age %j is %s seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test('whatever comes in place of an id is refused and never repeated (L3)', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 27, maxLength: 2_048 }), (text) => {
      expect(() => parseCallbackId(text)).toThrow(CliError);
      expect(() => parseCallbackId(text)).not.toThrow(text);
    }),
  );
});

test('a table aligns its columns, cuts nothing, pads by text and not by colour', () => {
  const columns = [
    { title: 'ID', text: (row: string) => row, paint: (text: string) => `<${text}>` },
    { title: 'LENGTH', text: (row: string) => String(row.length) },
  ];
  const wide = 'x'.repeat(120);
  expect(formatTable(columns, ['a', wide], { title: (text) => text, width: Infinity }).split('\n')).toEqual([
    `ID${' '.repeat(118)}  LENGTH`,
    `<a${' '.repeat(119)}>  1`,
    `<${wide}>  120`,
  ]);
});

test.each([
  [{ kind: 'ssm', instanceId: 'i-1', command: ['a b', '--c'] }, "'a b' --c"],
  [{ kind: 'ssm', instanceId: 'i-1', shell: 'a | b' }, 'a | b'],
  [{ kind: 'queue', queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/jobs.fifo' }, 'jobs.fifo'],
  [{ kind: 'lambda', functionName: 'arn:aws:lambda:eu-west-1:123456789012:function:resize:live' }, 'resize:live'],
  [{ kind: 'lambda', functionName: 'resize' }, 'resize'],
  [{ kind: 'approval', title: 'Release 2.4' }, 'Release 2.4'],
  [{ kind: 'webhook', url: 'https://partner.example/orders?key=1' }, 'partner.example'],
])('%j is summed up as %s', (work, summary) => {
  expect(summaryOf(work as unknown as Work)).toBe(summary);
});

test('a table that is wider than a line puts the cells of a row after one another, each behind its title', () => {
  const columns = [
    { title: 'ID', text: (row: readonly string[]) => row[0] ?? '', paint: (text: string) => `<${text}>` },
    { title: 'WORK', text: (row: readonly string[]) => row[1] ?? '' },
    { title: 'HOST', text: () => '-' },
    { title: '', text: (row: readonly string[]) => row[2] ?? '' },
    { title: 'N', text: () => '7' },
  ];
  const rows = [
    ['1', 'x'.repeat(8), 'this one'],
    ['2', 'y'.repeat(30), ''],
  ];
  const table = (width: number) => formatTable(columns, rows, { title: (text) => text, width });
  const y = 'y'.repeat(30);
  expect(table(53).split('\n')[0]).toMatch(/^ID {2}WORK +HOST +N$/);
  expect(table(52)).toBe(`ID <1>  WORK xxxxxxxx  this one  N 7\nID <2>  WORK ${y}  N 7`);
  expect(table(30)).toBe(`ID <1>  WORK xxxxxxxx  this one\n  N 7\nID <2>\n  WORK ${y}\n  N 7`);
  expect(table(20)).toBe(`ID <1>  WORK xxxxxxxx\n  this one  N 7\nID <2>\n  WORK ${y}\n  N 7`);
});

describe('the list', () => {
  const other = sampleRow('other', { executionArn: `${EXECUTION_ARN}-2` }, 300);
  const table = memoryTable();
  for (const row of [other, running]) (table.rows as Map<string, Callback>).set(row.callbackId, row);

  test.each([
    ['nothing', {}, [running, other]],
    ['a state', { state: 'Stored' }, [other]],
    ["an execution's ARN", { execution: EXECUTION_ARN }, [running]],
    ["an execution's name", { execution: 'run-1-2' }, [other]],
    ['a kind of work', { work: 'ssm' }, [running, other]],
    ['another kind of work', { work: 'queue' }, []],
    ['a host', { host: 'i-0000000000000dead' }, []],
    ['an age', { olderThanSeconds: 300 }, [running]],
  ] as const)('by %s, the oldest first', async (_what, filter, found) => {
    const { callbacks } = await listCallbacks(table.records, filter, now);
    expect(callbacks.map(({ callbackId }) => callbackId)).toEqual(found.map(({ callbackId }) => callbackId));
  });

  test('for people: whole ids, work shortened, what is absent as a dash', async () => {
    const lines = listText(await listCallbacks(table.records, {}, now), screen, now).split('\n');
    expect(lines[0]).toMatch(/^AGE +STATE +CALLBACK +WORK +HOST +HEARTBEAT +IN STATE +EXECUTION$/);
    expect(lines[1]).toMatch(/^10m 00s +Dispatched .*make-report\.sh --rows 50000 .* 9m 51s +RunJob +arn:.*:run-1$/);
    expect(lines[2]).toMatch(/^5m 00s +Stored .* - +RunJob +arn:.*:run-1-2$/);
  });

  test('says that there are none, and which are not understood', () => {
    expect(listText({ callbacks: [], unreadable: ['abc'] }, screen, now)).toMatch(/no open callbacks[\s\S]*abc/);
  });
});

describe('a life', () => {
  test.each(Object.entries(rows))(
    '%s shows neither token nor run id nor environment, anywhere (L3)',
    async (_, row) => {
      const { environment } = { environment: { PASSWORD: 'hunter2' } };
      const work = { ...sampleWork(), environment };
      const life = await showCallback(memoryTable(), { ...row, work }, now);
      for (const text of [
        lifeText(life, screen, now),
        JSON.stringify(life),
        JSON.stringify(viewOf({ ...row, work }, now)),
      ]) {
        for (const secret of [tokenText('first'), RUN_ID, 'hunter2', '[TaskToken]']) expect(text).not.toContain(secret);
        expect(text).toContain(row.callbackId);
      }
    },
  );

  test('has every attempt of its work, the first one first, by the links between them', async () => {
    const table = memoryTable();
    const first = nextOf(supersede(sent, now));
    const second = { ...sampleRow('second', { retryCount: 1 }, 60), supersedes: first.callbackId };
    for (const row of [first, second]) (table.rows as Map<string, Callback>).set(row.callbackId, row);
    const { workKey, callbackId } = second;
    await table.latestAttempts.replace({ workKey, epoch: 1, callbackId, expiresAtSeconds: 1 }, undefined);
    const life = await showCallback(table, first, now);
    expect(life.attempts).toMatchObject([
      { epoch: 0, callbackId: first.callbackId, state: 'Gone', goneReason: 'superseded' },
      { epoch: 1, callbackId, state: 'Stored' },
    ]);
    expect(lifeText(life, screen, now)).toMatch(/0 +\w{26} .*Gone \(superseded\) +this one\n1 +\w{26} .*Stored$/);
  });

  test('has the votes of an approval, as far as they have come', async () => {
    const asked = sampleRow('asked', {}, 0, sampleApprovalWork({ needed: 2 }));
    const opened = nextOf(dispatched(asked, 'message-1'));
    const life = await showCallback(memoryTable(), opened, now);
    expect(life).toMatchObject({ work: { needed: 2, heartbeatSeconds: undefined } });
    expect(lifeText(life, screen, now)).toMatch(/^approvals +0 of 2 needed$/m);
    const ballot = { approver: 0, decision: 'approved', comment: 'fine\u001b[2J', at: START } as const;
    const voted = await showCallback(memoryTable(), nextOf(countVote(opened, workIn(opened), ballot)), now);
    expect(voted.votes).toMatchObject([{ decision: 'approved', at: new Date(START).toISOString() }]);
    expect(lifeText(voted, screen, now)).toMatch(
      /^approvals +1 of 2 needed\n +approved by \w+ .* 10m 00s ago {2}fine \[2J$/m,
    );
    expect(lifeText(await showCallback(memoryTable(), running, now), screen, now)).not.toContain('approvals');
  });

  test('lets nothing that a job wrote speak to the terminal', async () => {
    const hostile = failure('Bad\u001b[31m', 'one\r\ntwo\u001b]0;title\u0007 \u009b2J');
    const row = nextOf(report(running, { from: fromOperator, outcome: hostile, at: now }));
    const text = lifeText(await showCallback(memoryTable(), row, now), screen, now);
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(text).toMatch(/cause +one\n +two/);
  });
});

describe('an answer in a sentence', () => {
  const other = failure('Disk.Full', 'no');
  test.each([
    ['applied', { outcome, answer: 'applied', row: settled }, true, /succeeded.*stop at its next heartbeat, within 60/],
    ['applied, but replaced', { outcome: other, answer: 'applied', row: settled }, false, /did not take that/],
    [
      'stored',
      { outcome, answer: 'stored', row: settling, said: { answer: 'transient', error: 'Throttled' } },
      true,
      /stored.*not taken it yet \(Throttled\).*reconciler/,
    ],
    [
      'stored without permission',
      { outcome, answer: 'stored', row: settling, said: { answer: 'denied', error: 'AccessDeniedException' } },
      true,
      /did not let you tell it \(AccessDeniedException\)/,
    ],
    ['duplicate', { outcome, answer: 'duplicate', row: settled }, true, /had come before \(by the operator\)/],
    [
      'conflict',
      { outcome: other, answer: 'conflict', row: settled },
      false,
      /came first: a success \(by the operator\)/,
    ],
    ['late', { outcome, answer: 'late', row: gone }, false, /has closed the task/],
  ] as const)('%s', (_what, given, prevailed, message) => {
    const explained = explain(given);
    expect(explained.message).toMatch(message);
    expect(explained.prevailed).toBe(prevailed);
  });
});

describe('trouble with AWS', () => {
  const named = (name: string, message = '', more: object = {}): Error =>
    Object.assign(new Error(message), { name, ...more });
  test.each([
    ['expired credentials', named('ExpiredTokenException'), 69, /sign in again/],
    ['no permission', named('AccessDeniedException', 'not authorized: dynamodb:Query'), 69, /dynamodb:Query/],
    ['throttling', named('ThrottlingException'), 69, /again in a moment/],
    ['no answer in time', named('TimeoutError'), 69, /nothing answers at AWS/],
    ['no such host', named('Error', '', { code: 'ENOTFOUND' }), 69, /ENOTFOUND.*--region/],
    [
      'a row of another version',
      new BatonError('InvalidRequest', 'work.kind: Invalid input'),
      69,
      /this version.*kind/,
    ],
    ['contention', new BatonError('Contention', 'changed too fast; try again'), 69, /^changed too fast/],
    ['another protocol', named('SyntaxError', '', { $response: {} }), 69, /does not answer like DynamoDB/],
  ])('%s', (_what, error, exitCode, message) => {
    const trouble = troubleOf(error, { table: 'baton-callbacks' });
    expect(trouble?.message).toMatch(message);
    expect(trouble?.exitCode).toBe(exitCode);
  });
  test('credentials of a profile', () => {
    const trouble = troubleOf(named('CredentialsProviderError', 'none'), { table: 'baton-callbacks', profile: 'ops' });
    expect(trouble?.message).toMatch(
      /^no AWS credentials were found for the profile "ops" \(none\): .*another --profile/,
    );
  });
  test('what is not AWS’s stays what it is', () => {
    expect(troubleOf(new TypeError('x is not a function'), { table: 'baton-callbacks' })).toBeUndefined();
  });
});
