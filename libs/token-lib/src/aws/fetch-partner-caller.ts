import { type Millis, seconds } from '../wire/millis.ts';
import type { PartnerCaller } from '../ports.ts';
import { errorName } from '../wire/errors.ts';

/** Plain HTTP by Node's own fetch. A redirect is not followed: the callback URL is for the partner that was named. */
export function fetchPartnerCaller(timeout: Millis = seconds(4)): PartnerCaller {
  return {
    async post({ url, headers, body }) {
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body,
          redirect: 'manual',
          signal: AbortSignal.timeout(timeout),
        });
        await response.body?.cancel();
        return { status: response.status };
      } catch (error) {
        return { status: undefined, why: errorName(error) };
      }
    },
  };
}
