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

/**
 * The dispatcher may send to instances with the platform's tag. One that has no such tag, or is gone, and its tags with it, is denied by
 * name, before SSM looks whether it knows the instance. [documented: IAM User Guide, "Troubleshoot access denied error messages"]
 */
const LACKS_TAG = /on resource: arn:[\w-]+:ec2:\S+:instance\/\S+ because no identity-based policy allows/;
const WITHOUT_TAG = {
  code: 'HostNotAvailable',
  why: "EC2 does not know the host, or it has not the tag of the platform's hosts",
} as const;

const THROTTLES = new Set(['ThrottlingException', 'TooManyRequestsException', 'RequestLimitExceeded', 'RateExceeded']);

export function classifySendCommandError(error: unknown): SendAnswer {
  const name = errorName(error);
  if (name.startsWith('AccessDenied')) {
    if (LACKS_TAG.test((error as Error).message)) return { answer: 'refused', ...WITHOUT_TAG };
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
