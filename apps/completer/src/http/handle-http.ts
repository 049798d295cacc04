/**
 * The handler of hosts and workers: an HTTP API with IAM authorization. A callback answers to whom its work is for, and
 * nobody else learns whether it exists.
 */
import {
  BatonError,
  type Callback,
  claim,
  ClaimRequest,
  failure,
  FailureRequest,
  HeartbeatRequest,
  type Millis,
  parse,
  relayHeartbeat,
  type ReportAnswer,
  settle,
  type SettleAnswer,
  type SettlePorts,
  success,
  SuccessRequest,
  WORK_SECRET_HEADER,
} from '@baton/token-lib';
import { type HttpAnswer, parseCallbackRequest } from '../api-gateway.ts';
import { type AllowedCallers, answersTo, callerIdentity } from './caller-identity.ts';

/** What one route does. The row is the caller's own, and may have changed since it was read. */
type Route = (ports: SettlePorts, row: Callback, body: unknown, at: Millis) => Promise<HttpAnswer>;

/** By route key, as wiring/routes.json has them. */
export const ROUTES: Readonly<Record<string, Route>> = {
  async 'POST /callbacks/{callbackId}/claim'(ports, row, body, at) {
    const answer = await claim(ports, row, parse(ClaimRequest, body), at);
    return { status: answer.answer === 'wait' ? 202 : 200, body: answer };
  },
  async 'POST /callbacks/{callbackId}/heartbeat'(ports, row, body, at) {
    return { status: 200, body: await relayHeartbeat(ports, row, parse(HeartbeatRequest, body), at) };
  },
  async 'POST /callbacks/{callbackId}/success'(ports, row, body, at) {
    const { runId, output } = parse(SuccessRequest, body);
    return answerTo(await settle(ports, row, { from: { by: 'worker', runId }, outcome: success(output), at }));
  },
  async 'POST /callbacks/{callbackId}/failure'(ports, row, body, at) {
    const { runId, error, cause = '' } = parse(FailureRequest, body);
    return answerTo(await settle(ports, row, { from: { by: 'worker', runId }, outcome: failure(error, cause), at }));
  },
  async 'GET /callbacks/{callbackId}'(_ports, row) {
    return { status: 200, body: statusOf(row) };
  },
};

/** @throws {BatonError} what the caller is to be told */
export async function handleHttp(ports: SettlePorts, allowed: AllowedCallers, event: unknown): Promise<HttpAnswer> {
  const { routeKey, callbackId, body, caller, workSecret, at } = parseCallbackRequest(event);
  const identity = callerIdentity(caller, allowed);
  const route = Object.hasOwn(ROUTES, routeKey) ? ROUTES[routeKey] : undefined;
  if (route === undefined) throw new BatonError('InvalidRequest', 'there is no route of this name');
  const row = await ports.store.read(callbackId);
  if (row === undefined || !answersTo(row, identity, workSecret, allowed)) throw new BatonError('Forbidden', NOT_YOURS);
  const answer = await route(ports, row, body, at);
  ports.log('info', 'http', { callbackId, route: routeKey, status: answer.status, ...shown(answer.body) });
  return answer;
}

/** The same for whatever is wrong: nobody learns which callbacks exist. */
const NOT_YOURS =
  'there is no such callback of this caller; requests about work of a queue or function show the workSecret that came with it, ' +
  `in the header ${WORK_SECRET_HEADER}`;

const shown = (body: object): object => ('answer' in body ? { answer: body.answer } : {});

const STATUS: Readonly<Record<SettleAnswer, number>> = {
  applied: 200,
  duplicate: 200,
  stored: 202,
  conflict: 409,
  late: 410,
};

const MESSAGE: Partial<Readonly<Record<SettleAnswer, string>>> = {
  stored: 'the outcome is stored, and Step Functions will be told as soon as it answers',
  conflict: 'another outcome of this callback came first; this one is kept for the operator',
  late: 'nobody waits for this callback any more; the outcome is kept for the operator',
};

function answerTo(answer: SettleAnswer): HttpAnswer {
  const message = MESSAGE[answer];
  const body: ReportAnswer = { answer, ...(message !== undefined && { message }) };
  const status = STATUS[answer];
  // Where the status is a refusal, the body also has a refusal's form.
  return { status, body: status < 400 ? body : { ...body, error: answer === 'late' ? 'Late' : 'Conflict' } };
}

/** What may be shown of a callback: neither its token nor an output. */
export function statusOf(row: Callback): object {
  const { callbackId, state, context, terms, run } = row;
  const outcome = 'outcome' in row ? row.outcome : undefined;
  return {
    callbackId,
    state,
    reason: row.state === 'Gone' ? row.reason : undefined,
    outcome: outcome && { type: outcome.type, error: outcome.type === 'failure' ? outcome.error : undefined },
    executionArn: context.executionArn,
    stateName: context.state,
    attempt: context.retryCount,
    kind: terms.kind,
    createdAt: time(row.createdAt),
    deadline: time(row.deadline),
    claimedAt: time(run?.claimedAt),
    lastContactAt: time(run?.lastContactAt),
    progress: run?.progress,
  };
}

const time = (at: Millis | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString();
