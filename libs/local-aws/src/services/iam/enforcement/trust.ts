import { AwsError } from '../../../kernel/aws-error.ts';
import type { Call } from '../../../kernel/call.ts';
import { serviceCaller } from '../../../kernel/caller.ts';
import { passedRoles } from './permissions.ts';

/** A service that looks at a role when it is given the role: whether the role's trust policy lets the service assume it. */
export interface Assumption {
  /** `sts:AssumeRole` by the service, for the resource that the role is for. */
  readonly call: Call;
  readonly roleArn: string;
  /** As the service refuses the role. */
  readonly refusal: () => AwsError;
}

/** [documented: Lambda and Step Functions API Reference; the texts as they are met on AWS] */
const REFUSALS: Readonly<Record<string, (roleArn: string) => AwsError>> = {
  lambda: () =>
    new AwsError('InvalidParameterValueException', 'The role defined for the function cannot be assumed by Lambda.'),
  states: () =>
    new AwsError(
      'AccessDeniedException',
      'Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.',
    ),
  events: (roleArn) =>
    new AwsError(
      'ValidationException',
      `Provided role '${roleArn}' cannot be assumed by principal 'events.amazonaws.com'.`,
    ),
};

/** The roles that a call gives to services which look at once. */
export function assumptionsOf(call: Call): Assumption[] {
  const refusal = REFUSALS[call.service];
  if (refusal === undefined) return [];
  return passedRoles(call, `${call.service}:${call.action}`, () => undefined).map(({ resource: roleArn }) => {
    const caller = serviceCaller(call.caller, call.service, call.resources[0] ?? roleArn);
    return {
      call: { caller, service: 'sts', action: 'AssumeRole', input: {}, resources: [roleArn] },
      roleArn,
      refusal: () => refusal(roleArn),
    };
  });
}
