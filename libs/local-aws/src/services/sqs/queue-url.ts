import type { Place } from '../../kernel/service.ts';
import { arnOf } from '../../kit/arn.ts';
import { required, text } from '../../kit/reader.ts';

/** `QueueUrl` in a request. */
export const queueUrl = required(text({ min: 1 }));

/** The last two parts of the path name the queue; the host may be any. Undefined for an address without them. */
export function parseQueueUrl(url: string): { readonly accountId: string; readonly name: string } | undefined {
  const [accountId, name] = url.split('/').slice(-2);
  return accountId === undefined || name === undefined ? undefined : { accountId, name };
}

/** The ARN of the queue as IAM sees it: in the caller's region, and in the account that the URL names. */
export function queueArn(caller: Place, url: string): string {
  const { accountId = caller.accountId, name = url } = parseQueueUrl(url) ?? {};
  return arnOf({ ...caller, accountId }, 'sqs', name);
}
