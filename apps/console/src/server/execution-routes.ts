/** Executions: the list, one with its drawing and its events, and start, stop and redrive. */
import type { Hono } from 'hono';
import * as z from 'zod/mini';
import { bodyOf, json } from './answer.ts';
import type { ConsoleWorld } from './console-world.ts';
import type { Live } from './live.ts';

const Start = z.object({ machineArn: z.string(), input: z.string(), name: z.optional(z.string()) });
const Change = z.discriminatedUnion('verb', [
  z.object({ verb: z.literal('stop'), reason: z.string().check(z.trim(), z.minLength(1), z.maxLength(1_000)) }),
  z.object({ verb: z.literal('redrive') }),
]);

export function executionRoutes(app: Hono, { stepFunctions, who }: ConsoleWorld, live: Live): void {
  app.get('/api/executions', async (context) =>
    json(context, await stepFunctions.list(context.req.query('status') || undefined)),
  );
  app.get('/api/executions/:arn', async (context) => json(context, await stepFunctions.show(context.req.param('arn'))));
  app.get('/api/map-runs/:arn', async (context) =>
    json(context, await stepFunctions.mapRunExecutions(context.req.param('arn'))),
  );
  app.post('/api/executions', async (context) => {
    const { machineArn, input, name } = await bodyOf(context, Start);
    const { executionArn } = await stepFunctions.start(machineArn, input, name || undefined);
    live.changed();
    return json(context, { executionArn });
  });
  app.post('/api/executions/:arn', async (context) => {
    const change = await bodyOf(context, Change);
    const arn = context.req.param('arn');
    if (change.verb === 'redrive') await stepFunctions.redrive(arn);
    else await stepFunctions.stop(arn, `${await who()}: ${change.reason}`);
    live.changed();
    return json(context, {});
  });
}
