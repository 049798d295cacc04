import { createLocalAws } from '@baton/local-aws';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { deployedStatements, type DeployedStatement } from './deployed-statements.ts';
import { parseTable, reasonFor, renderTable, rowsOf, stable, type Reasons, type Row } from './table.ts';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const keyOf = ({ policy, sid, action }: Omit<Row, 'call'>): string => `${policy} ${sid} ${action}`;

/** The policy of a key that leaves it to IAM who uses it, and somebody who asks. */
const LEFT_TO_IAM = {
  CallerArn: 'arn:aws:iam::123456789012:user/ann',
  ResourcePolicy: JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'kms:*', Resource: '*' },
  }),
};

describe('the table', () => {
  const table = parseTable(read('../iam-table.md'));
  const reasons = JSON.parse(read('reasons.json')) as Reasons;
  let statements: readonly DeployedStatement[];
  beforeAll(async () => {
    statements = await deployedStatements();
  });

  test('has the actions of the statements that are deployed: npm run iam:table makes it', () => {
    expect(table.map(keyOf)).toEqual(rowsOf(statements, []).map(keyOf));
  });

  test('shows for each a call that needs it, or the reason why it stands', () => {
    const idle = table.filter(({ call }) => call === undefined);
    expect(idle.filter((row) => reasonFor(row, reasons) === undefined)).toEqual([]);
    const used = new Set(idle.map((row) => reasonFor(row, reasons)));
    expect(Object.entries(reasons).filter(([, reason]) => !used.has(reason))).toEqual([]);
  });

  test('shows calls that the statements allow as they stand', async () => {
    const aws = createLocalAws();
    const denied: string[] = [];
    for (const { call, ...row } of table) {
      const found = statements.find(({ policy, sid }) => stable(policy) === row.policy && sid === row.sid);
      // Who may assume a role is asked of the role's own policy, which has no resource.
      if (call === undefined || found === undefined || row.action === 'sts:AssumeRole') continue;
      const { Principal: _, Condition: __, ...statement } = JSON.parse(stable(found.text)) as Record<string, unknown>;
      const { EvaluationResults } = await aws.call('iam:SimulateCustomPolicy', {
        PolicyInputList: [
          JSON.stringify({ Version: '2012-10-17', Statement: { Resource: '*', ...statement, Sid: 'a' } }),
        ],
        ...(row.action.startsWith('kms:') && LEFT_TO_IAM),
        ActionNames: [row.action],
        ResourceArns: [call.resource],
      });
      const [result] = EvaluationResults as { EvalDecision: string }[];
      if (result?.EvalDecision !== 'allowed') denied.push(keyOf(row));
    }
    await aws.close();
    expect(denied).toEqual([]);
  });
});

describe('a statement', () => {
  const statement = (sid: string): DeployedStatement => ({
    policy: 'worker/own-work',
    sid,
    actions: ['sqs:SendMessage'],
    text: '{}',
  });
  const opened = (by: string, ...sids: string[]) => ({
    by,
    action: 'sqs:SendMessage',
    resource: `arn:aws:sqs:us-east-1:123456789012:${by}`,
    gates: [sids.map((sid) => ({ policy: 'worker/own-work', sid }))],
  });

  test('is needed by a call that it alone lets in', () => {
    const rows = rowsOf([statement('A'), statement('B')], [opened('b', 'A'), opened('a', 'A'), opened('c', 'A', 'B')]);
    expect(rows).toMatchObject([
      { sid: 'A', call: { by: 'a' } },
      { sid: 'B', call: undefined },
    ]);
  });

  test('that nothing needs shows its reason, and reads as it was written', () => {
    const rows = rowsOf([statement('A'), statement('B')], [opened('a', 'A')]);
    const text = renderTable(rows, { 'worker/* B sqs:*': 'It may be.' });
    expect(text).toContain('| worker/own-work | B | sqs:SendMessage | no run: It may be. |');
    expect(parseTable(text)).toEqual(rows);
  });

  test.each([
    [
      'arn:aws:execute-api:us-east-1:1:ab12/$default/POST/callbacks/0123456789abcdefghjkmnpqrs/claim',
      'API/$default/POST/callbacks/CALLBACK/claim',
    ],
    ['arn:aws:kms:us-east-1:1:key/1234abcd-12ab-34cd-56ef-1234567890ab', 'key/KEY'],
    ['arn:aws:states:us-east-1:1:execution:m:1234abcd', 'execution:m:NAME'],
  ])('is shown with a call whose ids are those of every run: %s', (resource, shown) => {
    expect(stable(resource)).toContain(shown);
  });
});
