import type { Millis, StartAnswer } from '@baton/token-lib';
import type { Started } from './starter.ts';

/** Before each further attempt. */
const PAUSES: readonly Millis[] = [300, 1_000];

export type Pause = (duration: Millis) => Promise<void>;

/**
 * Hands work over, three times at the most. Twice does no harm: whoever gets it has the same callbackId, and the first
 * outcome wins (L2).
 */
export async function handOver(what: string, pause: Pause, attempt: () => Promise<StartAnswer>): Promise<Started> {
  let said = await attempt();
  for (const duration of PAUSES) {
    if (said.answer !== 'again') break;
    await pause(duration);
    said = await attempt();
  }
  switch (said.answer) {
    case 'started':
      return { started: true, receipt: said.receipt };
    case 'refused':
      return { started: false, code: said.code, why: said.why };
    case 'again':
      return { started: false, code: 'DispatchFailed', why: `${what} was not taken (${said.why})` };
  }
}
