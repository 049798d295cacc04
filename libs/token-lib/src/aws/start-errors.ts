/** The one table of what SendMessage, Invoke and Publish may answer. */
import type { StartAnswer } from '../ports.ts';
import { errorName } from '../wire/errors.ts';
import { mayPass } from './may-pass.ts';

const MISSING = new Set([
  'AWS.SimpleQueueService.NonExistentQueue',
  'QueueDoesNotExist',
  'ResourceNotFoundException',
  'NotFound',
  'NotFoundException',
]);
const DENIED = /^(AccessDenied|AuthorizationError|KMSAccessDenied|InvalidClientTokenId|UnrecognizedClient)/i;

/** @returns what was named and why it was refused, and nothing of AWS's own text, which may repeat what was sent (L3) */
export function classifyStartError(error: unknown, what: string): StartAnswer {
  const why = errorName(error);
  if (mayPass(error)) return { answer: 'again', why };
  if (MISSING.has(why)) return { answer: 'refused', code: 'TargetNotFound', why: `there is no ${what}` };
  if (DENIED.test(why))
    return {
      answer: 'refused',
      code: 'NotAuthorized',
      why: `IAM does not let the dispatcher use the ${what} (${why})`,
    };
  return { answer: 'refused', code: 'InvalidRequest', why: `the ${what} does not take it (${why})` };
}
