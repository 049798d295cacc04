import type { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { optional, required, text, type Members } from '../../kit/reader.ts';
import { userError } from './function.ts';
import type { FunctionStore } from './function-store.ts';
import { functionArn, versionMembers } from './reference.ts';

const statementMembers = {
  ...versionMembers,
  StatementId: required(text({ min: 1, max: 100, pattern: /[a-zA-Z0-9-_]+/ })),
};
const permissionMembers = {
  ...statementMembers,
  Action: required(text({ pattern: /lambda:[*]|lambda:[a-zA-Z]+|[*]/ })),
  Principal: required(text({ pattern: /\S+/ })),
  SourceArn: optional(text()),
  SourceAccount: optional(text({ max: 12, pattern: /\d{12}/ })),
};

const missing = (): AwsError =>
  userError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);

/** The actions on a function's policy. */
export function permissionActions(functions: FunctionStore): Record<string, UnboundAction> {
  const evidence = 'documented';
  return {
    AddPermission: action(permissionMembers, {
      resources: ({ FunctionName }, caller) => [functionArn(FunctionName, caller)],
      evidence,
      run(request) {
        const { fn, qualifier, qualified } = functions.locate(request);
        const id = request.StatementId;
        if (fn.permissions.has(id)) {
          const message = `The statement id (${id}) provided already exists. Please provide a new statement id, or remove the existing statement.`;
          throw userError('ResourceConflictException', message, 409);
        }
        const statement = toStatement(qualified ? `${fn.arn}:${qualifier}` : fn.arn, request);
        fn.permissions.set(id, statement);
        return { Statement: JSON.stringify(statement) };
      },
    }),

    GetPolicy: action(versionMembers, {
      resources: ({ FunctionName }, caller) => [functionArn(FunctionName, caller)],
      evidence,
      run(request) {
        const { fn } = functions.locate(request);
        if (fn.permissions.size === 0) throw missing();
        const policy = { Version: '2012-10-17', Id: 'default', Statement: [...fn.permissions.values()] };
        return { Policy: JSON.stringify(policy), RevisionId: fn.latest.revisionId };
      },
    }),

    RemovePermission: action(statementMembers, {
      resources: ({ FunctionName }, caller) => [functionArn(FunctionName, caller)],
      evidence,
      run(request) {
        if (!functions.locate(request).fn.permissions.delete(request.StatementId)) throw missing();
        return {};
      },
    }),
  };
}

/** The policy of a function, or of one of its versions or aliases: each has its own. */
export function policyOf(functions: FunctionStore, arn: string): string | undefined {
  const Statement = [...(functions.byArn(arn)?.permissions.values() ?? [])].filter((each) => each['Resource'] === arn);
  return Statement.length === 0 ? undefined : JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement });
}

function toStatement(resource: string, request: Members<typeof permissionMembers>): JsonObject {
  const { StatementId, Action, Principal, SourceArn, SourceAccount } = request;
  const condition = {
    ...(SourceArn !== undefined && { ArnLike: { 'AWS:SourceArn': SourceArn } }),
    ...(SourceAccount !== undefined && { StringEquals: { 'AWS:SourceAccount': SourceAccount } }),
  };
  return {
    Sid: StatementId,
    Effect: 'Allow',
    Principal: Principal.endsWith('.amazonaws.com') ? { Service: Principal } : { AWS: Principal },
    Action,
    Resource: resource,
    ...(Object.keys(condition).length > 0 && { Condition: condition }),
  };
}
