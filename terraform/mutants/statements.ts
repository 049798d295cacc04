/** Statements that are taken from a role on a local AWS. A run of an example that goes on without one says that nobody needs it. */
import { startExample } from '@baton/local-platform/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const examples = fileURLToPath(new URL('../../examples', import.meta.url));

export interface MissingStatement {
  /** Of the twin, as terraform/iam-table.md names them. */
  readonly role: string;
  readonly sid: string;
  readonly example: string;
  /** What is denied, by its name, without the statement. */
  readonly action: string;
}

export const missingStatements: readonly MissingStatement[] = [
  { role: 'ec2-job-states', sid: 'Dispatch', example: 'ec2-job', action: 'lambda:InvokeFunction' },
  { role: 'baton-dispatcher', sid: 'SendToTaggedHosts', example: 'ec2-job', action: 'ssm:SendCommand' },
  { role: 'baton-completer-http', sid: 'SettleTasks', example: 'ec2-job', action: 'states:SendTaskSuccess' },
  { role: 'baton-dispatcher', sid: 'SignLinks', example: 'approval', action: 'kms:GenerateMac' },
];

/** Runs the example without the statement. @returns the refusal that names the action, undefined where the run ended without one */
export async function refusalWithout({
  role,
  sid,
  example: name,
  action,
}: MissingStatement): Promise<string | undefined> {
  const folder = join(examples, name);
  const example = await startExample(folder);
  const own = { RoleName: role, PolicyName: 'own-work' };
  const words = `is not authorized to perform: ${action}`;
  const refusal = (): string | undefined =>
    example.calls.map(({ error }) => error?.message).find((message) => message?.includes(words));
  try {
    const { PolicyDocument } = await example.aws.call('iam:GetRolePolicy', own);
    const policy = JSON.parse(decodeURIComponent(String(PolicyDocument))) as { Statement: { Sid: string }[] };
    const Statement = policy.Statement.filter(({ Sid }) => Sid !== sid);
    if (Statement.length === policy.Statement.length) throw new Error(`${role} has no statement ${sid}`);
    const rest = JSON.stringify({ Version: '2012-10-17', Statement });
    // A policy cannot be empty.
    if (Statement.length === 0) await example.aws.call('iam:DeleteRolePolicy', own);
    else await example.aws.call('iam:PutRolePolicy', { ...own, PolicyDocument: rest });
    const input: unknown = JSON.parse(readFileSync(join(folder, 'input.json'), 'utf8'));
    const execution = await example.start(`without-${sid}`, input);
    return await Promise.race([example.when(refusal), execution.ended().then(refusal)]);
  } finally {
    await example.close();
  }
}
