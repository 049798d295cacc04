import { BatonError, type BatonErrorCode, type Log, sayable } from '@baton/token-lib';
import type { MiddlewareObj } from '@middy/core';
import { toResponse, type HttpResponse } from '../api-gateway.ts';

const STATUS: Partial<Readonly<Record<BatonErrorCode, number>>> = {
  InvalidRequest: 400,
  InvalidToken: 400,
  OutputTooLarge: 413,
  JsonTooDeep: 400,
  Forbidden: 403,
  LinkRefused: 403,
  NotClaimHolder: 409,
  Contention: 503,
};

interface Refusal {
  readonly status: number;
  readonly error: string;
  readonly message: string;
}

/**
 * Turns errors into refusals of the form that reports.ts promises. What is not the caller's business is logged and not
 * told (L3).
 */
export function errorsAsJson(log: Log): MiddlewareObj<unknown, HttpResponse> {
  return {
    onError: (request) => {
      const thrown: unknown = request.error;
      const { status, ...body } = refusalOf(thrown);
      const { error: name, why } = sayable(thrown);
      log(status >= 500 ? 'alarm' : 'info', 'refused', { status, error: body.error, name, why });
      request.response = toResponse({ status, body });
    },
  };
}

function refusalOf(thrown: unknown): Refusal {
  if (thrown instanceof BatonError) {
    const status = STATUS[thrown.code];
    if (status !== undefined) return { status, error: thrown.code, message: thrown.message };
  }
  return { status: 500, error: 'Unavailable', message: 'something that Baton needs did not answer; try again' };
}
