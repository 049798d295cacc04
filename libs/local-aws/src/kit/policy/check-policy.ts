import { AwsError } from '../../kernel/aws-error.ts';
import { parsePolicy, PolicyError, type PolicyKind } from './document.ts';

/** As IAM and STS refuse a text that is no policy. @throws {AwsError} MalformedPolicyDocument */
export function checkPolicy(document: string, kind: PolicyKind): void {
  try {
    parsePolicy(document, kind);
  } catch (error) {
    throw error instanceof PolicyError ? new AwsError('MalformedPolicyDocument', error.message) : error;
  }
}
