import {
  failure,
  FailureRequest,
  parse,
  type ReportAnswer,
  settle,
  type SettleAnswer,
  success,
  SuccessRequest,
} from '@baton/token-lib';
import type { HttpAnswer, Verb } from './verb.ts';

/** The worker's own word of how its job ended. */
export const successVerb: Verb = async (ports, row, body, at) => {
  const { runId, output } = parse(SuccessRequest, body);
  return answered(await settle(ports, row, { from: { by: 'worker', runId }, outcome: success(output), at }));
};

export const failureVerb: Verb = async (ports, row, body, at) => {
  const { runId, error, cause = '' } = parse(FailureRequest, body);
  return answered(await settle(ports, row, { from: { by: 'worker', runId }, outcome: failure(error, cause), at }));
};

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

function answered(answer: SettleAnswer): HttpAnswer {
  const message = MESSAGE[answer];
  const body: ReportAnswer = { answer, ...(message !== undefined && { message }) };
  const status = STATUS[answer];
  // Where the status is a refusal, the body also has a refusal's form.
  return { status, body: status < 400 ? body : { ...body, error: answer === 'late' ? 'Late' : 'Conflict' } };
}
