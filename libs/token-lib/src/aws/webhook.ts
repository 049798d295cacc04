/** The adapter that calls partners, which is loaded by the first call, as the clients of AWS's services are. */
import { once } from '../once.ts';
import type { PartnerCaller } from '../ports.ts';
import { sayable } from '../wire/errors.ts';

/**
 * @param allow `BATON_WEBHOOK_ALLOW`: what partner-addresses.ts reads. Nothing is sent while it cannot be read.
 */
export function partnerCaller(allow: string): PartnerCaller {
  const caller = once(async () => {
    const { allowedPartners, httpPartnerCaller } = await import('./http-partner-caller.ts');
    return httpPartnerCaller({ allowed: allowedPartners(allow) });
  });
  return {
    async post(request) {
      try {
        return await (await caller()).post(request);
      } catch (error) {
        const { error: name, why = name } = sayable(error);
        return { refused: why };
      }
    },
  };
}
