import type { LegacyAction as Action } from '../../kit/legacy.ts';
import { optionalText, text } from '../../members.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { userError, type LambdaFunction } from './function.ts';
import { locate, type FunctionStore } from './functions.ts';

/** Kept and shown, not enforced: here everybody may invoke. */
export function permissionActions(functions: FunctionStore): Record<string, Action> {
  const missing = (): Error =>
    userError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
  return {
    AddPermission(input) {
      const { fn } = locate(functions, input);
      const id = text(input, 'StatementId');
      if (fn.permissions.has(id)) {
        const message = `The statement id (${id}) provided already exists. Please provide a new statement id, or remove the existing statement.`;
        throw userError('ResourceConflictException', message, 409);
      }
      const statement = toStatement(fn, id, input);
      fn.permissions.set(id, statement);
      return { Statement: JSON.stringify(statement) };
    },
    GetPolicy(input) {
      const { fn } = locate(functions, input);
      if (fn.permissions.size === 0) throw missing();
      const policy = { Version: '2012-10-17', Id: 'default', Statement: [...fn.permissions.values()] };
      return { Policy: JSON.stringify(policy), RevisionId: fn.latest.revisionId };
    },
    RemovePermission(input) {
      const { fn } = locate(functions, input);
      if (!fn.permissions.delete(text(input, 'StatementId'))) throw missing();
      return {};
    },
  };
}

function toStatement(fn: LambdaFunction, id: string, input: JsonObject): JsonObject {
  const principal = text(input, 'Principal');
  const { SourceArn, SourceAccount } = input;
  const qualifier = optionalText(input, 'Qualifier');
  const condition = {
    ...(SourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': SourceArn } }),
    ...(SourceAccount === undefined ? {} : { StringEquals: { 'AWS:SourceAccount': SourceAccount } }),
  };
  return {
    Sid: id,
    Effect: 'Allow',
    Principal: principal.endsWith('.amazonaws.com') ? { Service: principal } : { AWS: principal },
    Action: input['Action'],
    Resource: qualifier === undefined ? fn.arn : `${fn.arn}:${qualifier}`,
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  };
}
