/** The one table of what SendCommand may answer. An answer that is not in it may hide a command that was sent (L5). */
import type { SendAnswer } from '../ports.ts';
import { errorName } from '../wire/errors.ts';

type Refusal = Extract<SendAnswer, { answer: 'refused' }>;

const REFUSALS: Readonly<Record<string, Pick<Refusal, 'code' | 'why'>>> = {
  InvalidInstanceId: {
    code: 'HostNotAvailable',
    why: 'SSM does not know the host, or the host is not running, or its SSM agent is not connected',
  },
  UnsupportedPlatformType: { code: 'HostNotAvailable', why: 'the host has another platform than the run document' },
  InvalidDocument: { code: 'InvalidRequest', why: 'SSM does not know the run document (BATON_RUN_DOCUMENT_NAME)' },
  InvalidDocumentVersion: { code: 'InvalidRequest', why: 'SSM does not know that version of the run document' },
  InvalidParameters: { code: 'InvalidRequest', why: "SSM refused the run document's parameters" },
  MaxDocumentSizeExceeded: { code: 'InvalidRequest', why: 'the command is over 64 KB' },
  ValidationException: { code: 'InvalidRequest', why: 'SSM refused the form of the command' },
};

const THROTTLES = new Set(['ThrottlingException', 'TooManyRequestsException', 'RequestLimitExceeded', 'RateExceeded']);

export function classifySendCommandError(error: unknown): SendAnswer {
  const name = errorName(error);
  if (name.startsWith('AccessDenied')) {
    return {
      answer: 'refused',
      code: 'NotAuthorized',
      why: 'IAM does not let the dispatcher send the run document to this host',
    };
  }
  const refusal = REFUSALS[name];
  if (refusal !== undefined) return { answer: 'refused', ...refusal };
  return { answer: THROTTLES.has(name) ? 'throttled' : 'unknown', why: name };
}
