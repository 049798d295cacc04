/**
 * The door of hosts and workers: an HTTP API with IAM authorization. A callback answers to whom its work is for, and
 * nobody else learns whether it exists.
 */
import { BatonError } from '@baton/token-lib';
import { type AllowedCallers, answersTo, callerIdentity } from './caller-identity.ts';
import { claimVerb } from './claim.ts';
import { heartbeatVerb } from './heartbeat.ts';
import { failureVerb, successVerb } from './report.ts';
import { parseRequest } from './request.ts';
import { statusVerb } from './status.ts';
import type { HttpAnswer, HttpPorts, Verb } from './verb.ts';

/** By route key, as wiring/routes.json has them. */
export const VERBS: Readonly<Record<string, Verb>> = {
  'POST /callbacks/{callbackId}/claim': claimVerb,
  'POST /callbacks/{callbackId}/heartbeat': heartbeatVerb,
  'POST /callbacks/{callbackId}/success': successVerb,
  'POST /callbacks/{callbackId}/failure': failureVerb,
  'GET /callbacks/{callbackId}': statusVerb,
};

/** @throws {BatonError} what the caller is to be told */
export async function handleHttp(ports: HttpPorts, allowed: AllowedCallers, event: unknown): Promise<HttpAnswer> {
  const { routeKey, callbackId, body, caller, at } = parseRequest(event);
  const identity = callerIdentity(caller, allowed);
  const verb = VERBS[routeKey];
  if (verb === undefined) throw new BatonError('InvalidRequest', `there is no route ${routeKey}`);
  const row = await ports.store.read(callbackId);
  if (row === undefined || !answersTo(row.terms, identity, allowed)) {
    throw new BatonError('Forbidden', 'there is no such callback of this caller');
  }
  const answer = await verb(ports, row, body, at);
  ports.log('info', 'http', { callbackId, route: routeKey, status: answer.status, ...shown(answer.body) });
  return answer;
}

const shown = (body: object): object => ('answer' in body ? { answer: body.answer } : {});
