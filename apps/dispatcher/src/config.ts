import { parse } from '@baton/token-lib';
import * as z from 'zod/mini';

const name = z.string().check(z.minLength(1));

/** The function's environment, as wiring/functions.json fills it. */
const Environment = z.object({ BATON_TABLE_NAME: name, BATON_RUN_DOCUMENT_NAME: name });

export interface Config {
  readonly tableName: string;
  readonly runDocumentName: string;
}

/** @throws {BatonError} `Misconfigured`, naming the variable */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const { BATON_TABLE_NAME: tableName, BATON_RUN_DOCUMENT_NAME: runDocumentName } = parse(
    Environment,
    env,
    'Misconfigured',
  );
  return { tableName, runDocumentName };
}
