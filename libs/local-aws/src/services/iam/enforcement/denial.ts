import { AwsError } from '../../../kernel/aws-error.ts';
import type { Call } from '../../../kernel/call.ts';
import type { Decision, PolicyType } from '../../../kit/policy/evaluate.ts';
import type { Permission } from './permissions.ts';

type Denied = Extract<Decision, { allowed: false }>;

const NAMES: Readonly<Record<PolicyType, readonly [article: string, name: string]>> = {
  identity: ['an', 'identity-based policy'],
  resource: ['a', 'resource-based policy'],
  boundary: ['a', 'permissions boundary'],
  session: ['a', 'session policy'],
};

/** The code and status of each service's refusal. [documented: each API's common errors; of SNS, EC2 and SQS their own pages] */
const CODES: Readonly<Record<string, readonly [code: string, status: number]>> = {
  ec2: ['UnauthorizedOperation', 403],
  iam: ['AccessDenied', 403],
  lambda: ['AccessDeniedException', 403],
  apigateway: ['AccessDeniedException', 403],
  cloudwatch: ['AccessDenied', 403],
  s3: ['AccessDenied', 403],
  ses: ['AccessDeniedException', 403],
  sns: ['AuthorizationError', 403],
  sqs: ['AccessDenied', 403],
  sts: ['AccessDenied', 403],
};

/**
 * A denial in AWS's words, and with the condition keys that nobody here knows.
 * [documented: IAM User Guide, "Troubleshoot access denied error messages"]
 */
export function denialOf(call: Call, permission: Permission, decision: Denied): AwsError {
  const [code, status] = CODES[call.service] ?? ['AccessDeniedException', 400];
  const { action, resource } = permission;
  const on = resource === '*' ? '' : ` on resource: ${resource}`;
  const message = `User: ${call.caller.principalArn} is not authorized to perform: ${action}${on} ${reason(action, decision)}`;
  return new AwsError(code, message + unknown(decision), status);
}

function reason(action: string, { because, type }: Denied): string {
  const [article, name] = type === 'resource' && action === 'sts:AssumeRole' ? ['a', 'role trust policy'] : NAMES[type];
  return because === 'explicit deny'
    ? `with an explicit deny in ${article} ${name}`
    : `because no ${name} allows the ${action} action`;
}

const unknown = ({ unknownKeys }: Denied): string =>
  unknownKeys.length === 0 ? '' : ` (the local AWS does not know the condition keys ${unknownKeys.join(', ')})`;
