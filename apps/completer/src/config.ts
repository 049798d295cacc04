import { parse } from '@baton/token-lib';
import * as z from 'zod/mini';
import type { AllowedHosts } from './http/host-identity.ts';

const name = z.string().check(z.minLength(1));
const Table = z.object({ BATON_TABLE_NAME: name });
const Hosts = z.object({
  BATON_HOST_ACCOUNT_ID: z.string().check(z.regex(/^\d{12}$/)),
  /** Role names, separated by commas. */
  BATON_HOST_ROLE_NAMES: name,
});
const RunDocument = z.object({ BATON_RUN_DOCUMENT_NAME: name });

/**
 * Each door reads its own part of the environment, as wiring/functions.json fills it.
 * @throws {BatonError} `Misconfigured`
 */
export const tableName = (env: NodeJS.ProcessEnv): string => parse(Table, env, 'Misconfigured').BATON_TABLE_NAME;

export const runDocumentName = (env: NodeJS.ProcessEnv): string =>
  parse(RunDocument, env, 'Misconfigured').BATON_RUN_DOCUMENT_NAME;

export function allowedHosts(env: NodeJS.ProcessEnv): AllowedHosts {
  const { BATON_HOST_ACCOUNT_ID: accountId, BATON_HOST_ROLE_NAMES: roles } = parse(Hosts, env, 'Misconfigured');
  return { accountId, roleNames: roles.split(',').map((role) => role.trim()) };
}
