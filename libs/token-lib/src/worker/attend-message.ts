import * as z from 'zod/mini';
import { parse } from '../wire/parse.ts';
import { alarm } from './process.ts';
import type { Reports } from './reports.ts';
import { type Host, runWork, type WorkFunction } from './run-work.ts';

/** As written by the dispatcher or, in direct mode, by the author. `work` is the function's input. */
const Body = z.looseObject({ heartbeatSeconds: z.optional(z.number()) });

export interface WorkMessage {
  readonly messageId: string;
  readonly body: string;
}

/** Returns whether the message is done; if not, because it could not be read, processed or reported, it must come again. */
export async function attendMessage<Input, Lambda>(
  work: WorkFunction<Input, unknown, Lambda>,
  reports: Reports,
  { messageId, body }: WorkMessage,
  host: Host<Lambda>,
): Promise<boolean> {
  try {
    const message = parse(Body, JSON.parse(body) as unknown);
    await runWork(work, message['work'] as Input, reports(message), message.heartbeatSeconds, host);
    return true;
  } catch (error) {
    alarm('message stays', error, { messageId });
    return false;
  }
}
