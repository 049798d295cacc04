/** How the API reads what a page sends, and answers. */
import type { Context } from 'hono';
import * as z from 'zod/mini';
import { shownJson } from './hide-secrets.ts';
import { Refusal } from './refusal.ts';

/** Answers JSON without secrets. `links`: what is shown are the mails of the local outbox, whose links are theirs to follow. */
export const json = (context: Context, value: unknown, show?: { readonly links: boolean }): Response =>
  context.body(shownJson(value, show), 200, { 'content-type': 'application/json' });

/** @throws {Refusal} for a body that is not of this shape */
export async function bodyOf<S extends z.ZodMiniType>(context: Context, schema: S): Promise<z.output<S>> {
  const given = schema.safeParse(await context.req.json().catch(() => undefined));
  if (!given.success) throw new Refusal(400, z.prettifyError(given.error));
  return given.data;
}
