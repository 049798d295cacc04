import { createLocalAws, type LocalAws } from '@baton/local-aws';
import { deployPlatform, deployWorkflow, readWorkflow } from '@baton/local-platform';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const examples = fileURLToPath(new URL('../../examples', import.meta.url));

/** A statement of a policy, as it is deployed. */
export interface DeployedStatement {
  /** As decisions name it: `ROLE/NAME` of an inline policy, of a resource's policy the ARN of the resource. */
  readonly policy: string;
  readonly sid: string;
  readonly actions: readonly string[];
  /** The statement as JSON text. */
  readonly text: string;
}

/** What the platform and the examples allow, asked of a local AWS on which they are deployed. */
export async function deployedStatements(): Promise<DeployedStatement[]> {
  const aws = createLocalAws();
  try {
    await aws.listen();
    const deployment = await deployPlatform(aws);
    for (const name of readdirSync(examples)) {
      // Nothing is run: nobody has to answer at the partner's address.
      await deployWorkflow(aws, deployment, readWorkflow(join(examples, name)), { partner_url: 'http://127.0.0.1:9' });
    }
    return [...(await ofRoles(aws)), ...(await ofFunctions(aws)), ...(await ofQueues(aws))];
  } finally {
    await aws.close();
  }
}

async function ofRoles(aws: LocalAws): Promise<DeployedStatement[]> {
  const { Roles } = await aws.call('iam:ListRoles', { MaxItems: 1000 });
  const found: DeployedStatement[] = [];
  for (const { RoleName, Arn } of Roles as { RoleName: string; Arn: string }[]) {
    const { Role } = (await aws.call('iam:GetRole', { RoleName })) as { Role: { AssumeRolePolicyDocument: string } };
    found.push(...statementsOf(Arn, decodeURIComponent(Role.AssumeRolePolicyDocument)));
    const { PolicyNames } = await aws.call('iam:ListRolePolicies', { RoleName });
    for (const PolicyName of PolicyNames as string[]) {
      const { PolicyDocument } = await aws.call('iam:GetRolePolicy', { RoleName, PolicyName });
      found.push(...statementsOf(`${RoleName}/${PolicyName}`, decodeURIComponent(String(PolicyDocument))));
    }
  }
  return found;
}

async function ofFunctions(aws: LocalAws): Promise<DeployedStatement[]> {
  const { Functions } = await aws.call('lambda:ListFunctions', {});
  const found: DeployedStatement[] = [];
  for (const { FunctionName, FunctionArn } of Functions as { FunctionName: string; FunctionArn: string }[]) {
    const answer = await aws.call('lambda:GetPolicy', { FunctionName }).catch(() => undefined);
    if (answer !== undefined) found.push(...statementsOf(FunctionArn, String(answer['Policy'])));
  }
  return found;
}

async function ofQueues(aws: LocalAws): Promise<DeployedStatement[]> {
  const { QueueUrls } = await aws.call('sqs:ListQueues', {});
  const found: DeployedStatement[] = [];
  for (const QueueUrl of QueueUrls as string[]) {
    const { Attributes = {} } = (await aws.call('sqs:GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] })) as {
      Attributes?: Readonly<Record<string, string>>;
    };
    const { QueueArn, Policy } = Attributes;
    if (QueueArn !== undefined && Policy !== undefined) found.push(...statementsOf(QueueArn, Policy));
  }
  return found;
}

function statementsOf(policy: string, document: string): DeployedStatement[] {
  const { Statement } = JSON.parse(document) as { Statement: unknown };
  return ([Statement].flat() as { Sid?: string; Action: string | string[] }[]).map((statement) => ({
    policy,
    sid: statement.Sid ?? '',
    actions: [statement.Action].flat(),
    text: JSON.stringify(statement),
  }));
}
