import { BatonError } from '../wire/errors.ts';
import { httpReports } from './http-reports.ts';
import { queueReports } from './queue-reports.ts';
import type { Reports } from './reports.ts';

/** @throws {BatonError} `Misconfigured` */
export function reportsOfEnvironment(env: NodeJS.ProcessEnv): Reports {
  const { BATON_ENDPOINT: endpoint, BATON_COMPLETIONS_QUEUE_URL: queueUrl } = env;
  if (endpoint !== undefined && endpoint !== '') return httpReports(endpoint);
  if (queueUrl !== undefined && queueUrl !== '') return queueReports(queueUrl);
  throw new BatonError('Misconfigured', 'a worker needs BATON_ENDPOINT or BATON_COMPLETIONS_QUEUE_URL to report to');
}
