import { parse } from '@baton/token-lib';
import * as z from 'zod/mini';

const name = z.string().check(z.minLength(1));

/** The function's environment, as wiring/functions.json fills it. */
const Environment = z.object({
  BATON_TABLE_NAME: name,
  BATON_RUN_DOCUMENT_NAME: name,
  /** Aliases or ARNs of KMS keys (HMAC_256), separated by commas: the first signs. */
  BATON_LINK_KEY_IDS: name,
  /** The completions queue, for reminders. */
  BATON_COMPLETIONS_QUEUE_URL: name,
  BATON_NOTICE_TOPIC_ARN: name,
  /** The queue of mails to approvers; `none` where they are told through the topic. */
  BATON_MAIL_QUEUE_URL: name,
  /** Where signed links lead: the HTTP API. */
  BATON_ENDPOINT: name,
  /** Whether webhooks may go to this machine by plain HTTP. */
  BATON_LOOPBACK_WEBHOOKS: z.enum(['allow', 'refuse']),
  /** Networks and hosts that are not public, to which webhooks may go all the same: separated by commas, or `none`. */
  BATON_WEBHOOK_ALLOW: name,
});

export interface Config {
  readonly tableName: string;
  readonly runDocumentName: string;
  readonly linkKeyIds: readonly [string, ...string[]];
  readonly completionsQueueUrl: string;
  readonly noticeTopicArn: string;
  readonly mailQueueUrl: string | undefined;
  readonly endpoint: string;
  readonly allowsLoopback: boolean;
  readonly webhookAllow: string;
}

/** @throws {BatonError} `Misconfigured`, naming the variable */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const read = parse(Environment, env, 'Misconfigured');
  return {
    tableName: read.BATON_TABLE_NAME,
    runDocumentName: read.BATON_RUN_DOCUMENT_NAME,
    linkKeyIds: namesIn(read.BATON_LINK_KEY_IDS),
    completionsQueueUrl: read.BATON_COMPLETIONS_QUEUE_URL,
    noticeTopicArn: read.BATON_NOTICE_TOPIC_ARN,
    mailQueueUrl: read.BATON_MAIL_QUEUE_URL === 'none' ? undefined : read.BATON_MAIL_QUEUE_URL,
    endpoint: read.BATON_ENDPOINT,
    allowsLoopback: read.BATON_LOOPBACK_WEBHOOKS === 'allow',
    webhookAllow: read.BATON_WEBHOOK_ALLOW,
  };
}

function namesIn(list: string): [string, ...string[]] {
  const [first = '', ...more] = list.split(',').map((each) => each.trim());
  return [first, ...more];
}
