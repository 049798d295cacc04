import { parse } from '@baton/token-lib';
import * as z from 'zod/mini';

/** The part of Lambda's SQS event that the queue door reads. */
const SqsEvent = z.object({
  Records: z.array(
    z.object({
      messageId: z.string(),
      body: z.string(),
      attributes: z.object({ ApproximateReceiveCount: z.optional(z.string()) }),
      messageAttributes: z.record(z.string(), z.object({ stringValue: z.optional(z.string()) })),
      eventSourceARN: z.string(),
    }),
  ),
});
export type SqsMessage = z.infer<typeof SqsEvent>['Records'][number];

/** What Lambda keeps in the queue; everything else of the batch it deletes. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export const messagesOf = (event: unknown): readonly SqsMessage[] => parse(SqsEvent, event).Records;

/** The body as JSON; undefined where it is none. */
export function jsonBody({ body }: SqsMessage): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
