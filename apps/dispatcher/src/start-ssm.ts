import { type CommandSender, errorName, type Millis, type Stored } from '@baton/token-lib';
import type { Started, Starter } from './starter.ts';

const MOST_ATTEMPTS = 3;
/** Before each further attempt. */
const PAUSES: readonly Millis[] = [300, 1_000];

export interface SsmStarterPorts {
  readonly commands: CommandSender;
  readonly pause: (duration: Millis) => Promise<void>;
}

/**
 * Sends the run document to the host. After an answer that leaves open whether the command was sent, it is looked up by
 * its Comment before it is sent again (L5). Should two be sent all the same, one claim is granted (L7).
 */
export function ssmStarter({ commands, pause }: SsmStarterPorts): Starter<'ssm'> {
  return async (callback, { instanceId, timeoutSeconds }, resumed) => {
    const { callbackId } = callback;
    let look = resumed;
    let why = '';
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      if (attempt > 0) await pause(PAUSES[attempt - 1] ?? 0);
      const found = look ? await lookUp(commands, callback) : undefined;
      if (found !== undefined) return found;
      const sent = await commands.send({ callbackId, instanceId, timeoutSeconds });
      switch (sent.answer) {
        case 'sent':
          return { started: true, receipt: sent.commandId };
        case 'refused':
          return { started: false, code: sent.code, why: `${instanceId}: ${sent.why}` };
        case 'throttled':
          break;
        case 'unknown':
          look = true;
          break;
      }
      why = sent.why;
    }
    const found = look ? await lookUp(commands, callback) : undefined;
    return (
      found ?? { started: false, code: 'DispatchFailed', why: `${instanceId}: SSM did not take the command (${why})` }
    );
  };
}

/**
 * Where SSM does not say, the dispatch is given up: the claim of a command that was sent after all is refused, for its
 * row is closed.
 */
async function lookUp(commands: CommandSender, { callbackId, createdAt }: Stored): Promise<Started | undefined> {
  try {
    const receipt = await commands.find(callbackId, createdAt);
    return receipt === undefined ? undefined : { started: true, receipt };
  } catch (error) {
    return {
      started: false,
      code: 'DispatchFailed',
      why: `SSM did not say whether the command was sent (${errorName(error)})`,
    };
  }
}
