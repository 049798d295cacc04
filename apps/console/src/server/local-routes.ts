/** The room that only a local AWS has. */
import type { Hono } from 'hono';
import * as z from 'zod/mini';
import { bodyOf, json } from './answer.ts';
import type { ConsoleWorld } from './console-world.ts';
import type { Live } from './live.ts';
import { FAULT_KINDS, HOST_VERBS } from './local-controls.ts';
import { Refusal } from './refusal.ts';

const MAX_ADVANCE = 366 * 86_400_000;

const Change = z.discriminatedUnion('verb', [
  z.object({ verb: z.literal('host'), instanceId: z.string(), what: z.enum(HOST_VERBS) }),
  z.object({ verb: z.literal('advance'), milliseconds: z.number().check(z.minimum(1), z.maximum(MAX_ADVANCE)) }),
  z.object({
    verb: z.literal('faults'),
    faults: z.array(
      z.object({ action: z.string().check(z.regex(/^[a-z0-9-]+:(\w+|\*)$/)), kind: z.enum(FAULT_KINDS) }),
    ),
  }),
]);

export function localRoutes(app: Hono, { local }: ConsoleWorld, live: Live): void {
  if (local === undefined) return;
  app.get('/api/local', (context) => json(context, local.look(), { links: true }));
  app.post('/api/local', async (context) => {
    const change = await bodyOf(context, Change);
    try {
      if (change.verb === 'host') await local.host(change.instanceId, change.what);
      if (change.verb === 'advance') await local.advance(change.milliseconds);
      if (change.verb === 'faults') local.fault(change.faults);
    } catch (error) {
      throw new Refusal(409, (error as Error).message);
    }
    live.changed();
    return json(context, local.look(), { links: true });
  });
}
