import type { LocalAws } from '@baton/local-aws';
import { functionStatements, policyDocument, type FunctionRole, type Statement } from './policies.ts';
import { roleArn } from './resources.ts';

export interface RoleSpec {
  readonly name: string;
  /** Who may take it, e.g. `lambda.amazonaws.com`. */
  readonly service: string;
  /** Of state machines: the trust says for which machine. */
  readonly sourceArn?: string;
  readonly statements: readonly Statement[];
}

/** @returns the role's ARN */
export async function createRole(aws: LocalAws, { name, service, sourceArn, statements }: RoleSpec): Promise<string> {
  const source = {
    StringEquals: { 'aws:SourceAccount': aws.world.accountId },
    ArnEquals: { 'aws:SourceArn': sourceArn },
  };
  await aws.call('iam:CreateRole', {
    RoleName: name,
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: 'sts:AssumeRole',
        ...(sourceArn !== undefined && { Condition: source }),
      },
    }),
  });
  if (statements.length > 0) {
    const PolicyDocument = policyDocument(statements);
    await aws.call('iam:PutRolePolicy', { RoleName: name, PolicyName: 'own-work', PolicyDocument });
  }
  return roleArn(aws, name);
}

/** The role of the function of that name. */
export const createFunctionRole = (
  aws: LocalAws,
  { roleName, functionName, ...role }: FunctionRole & { readonly roleName: string; readonly functionName: string },
): Promise<string> =>
  createRole(aws, {
    name: roleName,
    service: 'lambda.amazonaws.com',
    statements: functionStatements(aws, functionName, role),
  });

/** The role of a state machine, as terraform/modules/state-machine makes it, without the delivery of logs, which is not imitated. */
export function createMachineRole(
  aws: LocalAws,
  { machine, statements }: { readonly machine: string; readonly statements: readonly Statement[] },
): Promise<string> {
  const { region, accountId } = aws.world;
  const sourceArn = `arn:aws:states:${region}:${accountId}:stateMachine:${machine}`;
  return createRole(aws, { name: `${machine}-states`, service: 'states.amazonaws.com', sourceArn, statements });
}

/** Lets a service invoke a function, for one of its resources. */
export async function permitInvocation(
  aws: LocalAws,
  permission: { functionName: string; id: string; service: string; sourceArn: string },
): Promise<void> {
  await aws.call('lambda:AddPermission', {
    FunctionName: permission.functionName,
    StatementId: permission.id,
    Action: 'lambda:InvokeFunction',
    Principal: permission.service,
    SourceArn: permission.sourceArn,
  });
}
