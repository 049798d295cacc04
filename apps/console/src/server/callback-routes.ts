/** Open callbacks, one callback, and what an operator decides about it: the operations of `baton callbacks`. */
import { parseDefinition, type StateEnd, whatFollows } from '@baton/asl';
import {
  CallbackId,
  type Callback,
  diagnose,
  failure,
  FailureName,
  type Outcome,
  settleByHand,
  showCallback,
  success,
} from '@baton/token-lib';
import type { OperatorConnection } from '@baton/token-lib/aws';
import type { Hono } from 'hono';
import * as z from 'zod/mini';
import { closedCallbacks } from './closed-callbacks.ts';
import type { ConsoleWorld } from './console-world.ts';
import { bodyOf, json } from './answer.ts';
import type { Live } from './live.ts';
import { Refusal } from './refusal.ts';
import { type WaitingAnswer, waitingRow } from './waiting-row.ts';

const MAX_ROWS = 200;
const NO_PLATFORM = 'No platform is deployed here: there are no callbacks.';

const WaitingQuery = z.object({
  text: z.optional(z.string()),
  kind: z.optional(z.string()),
  state: z.optional(z.string()),
  machine: z.optional(z.string()),
  host: z.optional(z.string()),
  overdue: z.optional(z.string()),
  offset: z._default(z.coerce.number(), 0),
  limit: z._default(z.coerce.number(), 50),
});

const reason = z.string().check(z.trim(), z.minLength(1), z.maxLength(1_000));
const Decision = z.discriminatedUnion('verb', [
  z.object({ verb: z.literal('succeed'), output: z.string(), reason }),
  z.object({ verb: z.literal('fail'), error: z.string(), cause: z.string(), reason }),
  z.object({ verb: z.literal('stop'), reason }),
]);

export function callbackRoutes(app: Hono, world: ConsoleWorld, live: Live): void {
  app.get('/api/waiting', async (context) =>
    json(context, await waiting(world, live, WaitingQuery.parse(context.req.query()))),
  );
  app.get('/api/closed', async (context) => {
    if (world.callbacks === undefined) throw new Refusal(404, NO_PLATFORM);
    const { text, ending, after } = context.req.query();
    return json(
      context,
      await closedCallbacks(world.callbacks.records, { text, ending, after: after || undefined }, world.now()),
    );
  });
  app.get('/api/health', async (context) => {
    if (world.facts === undefined || live.waiting === undefined) throw new Refusal(404, NO_PLATFORM);
    return json(context, await world.facts.health(live.waiting));
  });
  app.get('/api/callbacks/:id', async (context) => {
    const { connection, row } = await find(world, context.req.param('id'));
    const now = world.now();
    const [life, facts, log] = await Promise.all([
      showCallback(connection, row, now),
      world.facts?.gather(row, 'all'),
      world.facts?.log(row),
    ]);
    return json(context, { ...life, diagnosis: diagnose(facts ?? { row, now }), log: log ?? [], now });
  });
  app.get('/api/callbacks/:id/follows', async (context) => {
    const { row } = await find(world, context.req.param('id'));
    const { executionArn, state, retryCount } = row.context;
    const definition = await world.stepFunctions.definitionOf(executionArn);
    const machine = definition === undefined ? undefined : parseDefinition(definition).machine;
    const error = context.req.query('error');
    const end: StateEnd = error === undefined ? { type: 'success' } : { type: 'failure', error };
    return json(context, { follows: machine && whatFollows(machine, state, end, retryCount) });
  });
  app.post('/api/callbacks/:id', async (context) => {
    const { connection, row } = await find(world, context.req.param('id'));
    const given = await bodyOf(context, Decision);
    const who = await world.who();
    const operator = { who, why: given.reason };
    const settled = await settleByHand(connection, row, outcomeOf(given, who), operator, world.now());
    live.changed(row.callbackId);
    return json(context, settled);
  });
}

async function waiting(
  world: ConsoleWorld,
  { waiting: list }: Live,
  query: z.infer<typeof WaitingQuery>,
): Promise<WaitingAnswer> {
  if (list === undefined) throw new Refusal(404, NO_PLATFORM);
  const { offset, limit, overdue, text, ...rest } = query;
  const now = world.now();
  const found = list.matching({ ...rest, text: text?.toLowerCase(), overdue: overdue !== undefined });
  const rows = found.slice(offset, offset + Math.min(limit, MAX_ROWS));
  return {
    version: list.version,
    readAt: list.readAt,
    now,
    total: found.length,
    unreadable: list.unreadable,
    ...list.choices(),
    rows: await Promise.all(
      rows.map(async (row) =>
        waitingRow(row, diagnose((await soon(world.facts?.gather(row, 'shared'))) ?? { row, now })),
      ),
    ),
  };
}

/** A list does not wait for AWS to say why: the next look has what is asked now. */
const PATIENCE_MILLIS = 200;

const soon = <T>(answer: Promise<T> | undefined): Promise<T | undefined> =>
  Promise.race([answer, new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), PATIENCE_MILLIS))]);

async function find(world: ConsoleWorld, id: string): Promise<{ connection: OperatorConnection; row: Callback }> {
  const known = CallbackId.safeParse(id);
  if (!known.success) throw new Refusal(404, 'That is no callback id: it has 26 characters.');
  const connection = world.callbacks;
  const row = await connection?.store.read(known.data);
  if (connection === undefined || row === undefined) {
    throw new Refusal(404, 'There is no such callback: closed ones are kept for 30 days.');
  }
  return { connection, row };
}

/** @throws {Refusal} for an output that is not JSON, or a name that Step Functions keeps for itself */
function outcomeOf(decision: z.infer<typeof Decision>, who: string): Outcome {
  if (decision.verb === 'stop') return failure(FailureName.stoppedByOperator, `stopped by ${who}: ${decision.reason}`);
  if (decision.verb === 'fail') return failure(decision.error, decision.cause);
  try {
    return success(JSON.parse(decision.output));
  } catch (error) {
    throw new Refusal(400, `The output is not JSON: ${(error as Error).message}`);
  }
}
