import { BatonError, type BatonErrorCode, errorName, type Log } from '@baton/token-lib';
import type { MiddlewareObj } from '@middy/core';
import { toResponse, type HttpResponse } from './response.ts';

const STATUS: Partial<Readonly<Record<BatonErrorCode, number>>> = {
  InvalidRequest: 400,
  InvalidToken: 400,
  OutputTooLarge: 413,
  Forbidden: 403,
  NotClaimHolder: 409,
  Contention: 503,
};

/** Refusals in the form that reports.ts promises. Of an error that is not Baton's own only the name is logged, and nothing told. */
export function errorsAsJson(log: Log): MiddlewareObj<unknown, HttpResponse> {
  return {
    onError: (request) => {
      const error: unknown = request.error;
      const { status, code, message } = refusalOf(error);
      log(status >= 500 ? 'alarm' : 'info', 'refused', { status, error: code, name: errorName(error), why: message });
      request.response = toResponse({ status, body: { error: code, message } });
    },
  };
}

function refusalOf(error: unknown): { status: number; code: string; message: string } {
  if (error instanceof BatonError)
    return { status: STATUS[error.code] ?? 500, code: error.code, message: error.message };
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status >= 400 && status < 500) return { status: 400, code: 'InvalidRequest', message: 'the body must be JSON' };
  return { status: 500, code: 'Unavailable', message: 'something that Baton needs did not answer; try again' };
}
