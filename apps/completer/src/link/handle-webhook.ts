/**
 * The handler of partners: one POST to the URL that they were given. The signature is verified before the body is read;
 * the first outcome uses the URL up, and whatever comes later is refused.
 */
import { BatonError, failure, type Outcome, parse, settle, success, verifyLink } from '@baton/token-lib';
import * as z from 'zod/mini';
import { type HttpAnswer, type LinkRequest, parseBody, parseLinkRequest } from '../api-gateway.ts';
import type { LinkHandlerPorts } from './handle-approval.ts';

const PartnerReport = z.discriminatedUnion('status', [
  z.object({ status: z.literal('success'), output: z.unknown() }),
  z.object({
    status: z.literal('failure'),
    error: z.string().check(
      z.minLength(1),
      z.maxLength(256),
      z.refine((name) => !/^(States|Baton)\./.test(name), { error: 'must not begin with States. or Baton.' }),
    ),
    cause: z.optional(z.string()),
  }),
]);

/** @throws {BatonError} `LinkRefused`, `InvalidRequest`, `OutputTooLarge`, `JsonTooDeep` */
export async function handleWebhook(ports: LinkHandlerPorts, event: unknown): Promise<HttpAnswer> {
  const request = parseLinkRequest(event);
  const link = await verifyLink(ports.linkKeys, 'webhook', request.link);
  const { callbackId } = link;
  const { at } = request;
  if (at >= link.expiresAt)
    return refusal(410, 'Expired', `this URL expired at ${new Date(link.expiresAt).toISOString()}`);
  const outcome = outcomeIn(request);
  const row = await ports.store.read(callbackId);
  if (row?.terms.kind !== 'webhook') return refusal(410, 'Late', 'nobody waits for this any more');
  if ('outcome' in row && row.state !== 'Gone') return refusal(409, 'AlreadyUsed', 'this URL has been used');
  const answer = await settle(ports, row, { from: { by: 'partner' }, outcome, at });
  switch (answer) {
    case 'applied':
      return { status: 200, body: { answer } };
    case 'stored':
      return { status: 202, body: { answer } };
    case 'late':
      return refusal(410, 'Late', 'nobody waits for this any more');
    case 'duplicate':
    case 'conflict':
      return refusal(409, 'AlreadyUsed', 'this URL has been used');
  }
}

const refusal = (status: number, error: string, message: string): HttpAnswer => ({ status, body: { error, message } });

function outcomeIn({ contentType, body }: LinkRequest): Outcome {
  if (contentType !== 'application/json') {
    throw new BatonError('InvalidRequest', 'the content-type must be application/json');
  }
  const report = parse(PartnerReport, parseBody(body));
  return report.status === 'success' ? success(report.output) : failure(report.error, report.cause ?? '');
}
