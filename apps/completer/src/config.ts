import { type MailSettings, type Millis, parse } from '@baton/token-lib';
import * as z from 'zod/mini';
import type { AllowedCallers } from './http/caller-identity.ts';

const name = z.string().check(z.minLength(1));
const Table = z.object({ BATON_TABLE_NAME: name });
const Callers = z.object({
  BATON_HOST_ACCOUNT_ID: z.string().check(z.regex(/^\d{12}$/)),
  /** Role names, separated by commas. */
  BATON_HOST_ROLE_NAMES: name,
  BATON_WORKER_ROLE_NAMES: name,
});
const CompletionsQueue = z.object({ BATON_COMPLETIONS_QUEUE_ARN: name });
const Reminders = z.object({ BATON_COMPLETIONS_QUEUE_URL: name });
const LinkKeys = z.object({ BATON_LINK_KEY_IDS: name });
const Notices = z.object({ BATON_NOTICE_TOPIC_ARN: name });
const MailSending = z.object({
  /** The verified sender. */
  BATON_MAIL_FROM: name,
  BATON_MAIL_CONFIGURATION_SET: name,
  /** Of all that send at once: two. */
  BATON_MAILS_PER_SECOND: z.string().check(z.regex(/^\d+(\.\d+)?$/)),
  /** Where signed links lead. */
  BATON_ENDPOINT: name,
});
const RunDocument = z.object({ BATON_RUN_DOCUMENT_NAME: name });

/**
 * Each handler reads its own part of the environment, as wiring/functions.json fills it.
 * @throws {BatonError} `Misconfigured`
 */
export const tableName = (env: NodeJS.ProcessEnv): string => parse(Table, env, 'Misconfigured').BATON_TABLE_NAME;

export const runDocumentName = (env: NodeJS.ProcessEnv): string =>
  parse(RunDocument, env, 'Misconfigured').BATON_RUN_DOCUMENT_NAME;

export const noticeTopicArn = (env: NodeJS.ProcessEnv): string =>
  parse(Notices, env, 'Misconfigured').BATON_NOTICE_TOPIC_ARN;

export const completionsQueueArn = (env: NodeJS.ProcessEnv): string =>
  parse(CompletionsQueue, env, 'Misconfigured').BATON_COMPLETIONS_QUEUE_ARN;

export const completionsQueueUrl = (env: NodeJS.ProcessEnv): string =>
  parse(Reminders, env, 'Misconfigured').BATON_COMPLETIONS_QUEUE_URL;

/** Aliases or ARNs of KMS keys, separated by commas: the first signs, all verify. */
export const linkKeyIds = (env: NodeJS.ProcessEnv): readonly [string, ...string[]] =>
  namesIn(parse(LinkKeys, env, 'Misconfigured').BATON_LINK_KEY_IDS);

/** Invocations of the mail queue's handler at once: the fewest that Lambda takes. [documented: MaximumConcurrency] */
const SENDERS = 2;

export function mailSettings(
  env: NodeJS.ProcessEnv,
): MailSettings & { readonly endpoint: string; readonly interval: Millis } {
  const read = parse(MailSending, env, 'Misconfigured');
  return {
    from: read.BATON_MAIL_FROM,
    configurationSet: read.BATON_MAIL_CONFIGURATION_SET,
    endpoint: read.BATON_ENDPOINT,
    interval: Math.ceil((SENDERS * 1000) / Number(read.BATON_MAILS_PER_SECOND)),
  };
}

export function allowedCallers(env: NodeJS.ProcessEnv): AllowedCallers {
  const callers = parse(Callers, env, 'Misconfigured');
  return {
    accountId: callers.BATON_HOST_ACCOUNT_ID,
    hostRoleNames: namesIn(callers.BATON_HOST_ROLE_NAMES),
    workerRoleNames: namesIn(callers.BATON_WORKER_ROLE_NAMES),
  };
}

function namesIn(list: string): [string, ...string[]] {
  const [first = '', ...more] = list.split(',').map((each) => each.trim());
  return [first, ...more];
}
