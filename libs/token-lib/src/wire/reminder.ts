import * as z from 'zod/mini';
import { CallbackId } from './callback-id.ts';

/**
 * A message on the completions queue that brings a callback back to mind. Anybody who may send to the queue may send one: it tells
 * what is stored, and asks AWS, and nothing else.
 */
export const Reminder = z.object({ type: z.literal('tell'), callbackId: CallbackId });
export type Reminder = z.infer<typeof Reminder>;
