import { createHash } from 'node:crypto';
import { AwsError } from '../../kernel/aws-error.ts';
import type { Clock } from '../../kernel/clock/clock.ts';

/** Documented: TransactWriteItems, ClientRequestToken. */
const VALID_MS = 10 * 60 * 1000;

/** The tokens of transactions that were done: a repeated one is not done again. */
export interface ClientTokens {
  /** @throws {AwsError} IdempotentParameterMismatchException for a token of another payload */
  isRepeated(token: string, payload: unknown): boolean;
  remember(token: string, payload: unknown): void;
}

export function createClientTokens(clock: Clock): ClientTokens {
  // In the order of their expiry.
  const tokens = new Map<string, { readonly digest: string; readonly until: number }>();
  const forgetExpired = (): void => {
    for (const [token, { until }] of tokens) {
      if (until > clock.now()) return;
      tokens.delete(token);
    }
  };
  return {
    isRepeated(token, payload) {
      forgetExpired();
      const known = tokens.get(token);
      if (known === undefined) return false;
      if (known.digest === digestOf(payload)) return true;
      throw new AwsError(
        'IdempotentParameterMismatchException',
        'DynamoDB rejected the request because you retried a request with a different payload but with an idempotent ' +
          'token that was already used.',
      );
    },
    remember: (token, payload) => void tokens.set(token, { digest: digestOf(payload), until: clock.now() + VALID_MS }),
  };
}

const digestOf = (payload: unknown): string => createHash('sha256').update(JSON.stringify(payload)).digest('base64');
