/**
 * What an example needs beside the platform, from its local.json: the local twin of the resources in its main.tf. Names are the
 * example's own; on AWS, here as there, they stand behind the example's name and a hyphen.
 */
import * as z from 'zod/mini';

const Name = z
  .string()
  .check(z.regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'must be a name such as "orders-dead": a-z, 0-9 and hyphens' }));

const Queue = z.strictObject({
  visibilityTimeoutSeconds: z.optional(z.number()),
  /** Where messages go that were received `maxReceiveCount` times, without being deleted. */
  redrive: z.optional(z.strictObject({ deadLetterQueue: Name, maxReceiveCount: z.number() })),
  /** Of a dead-letter queue: the completer takes its messages and fails their tasks. */
  failsTasks: z.optional(z.literal(true)),
});

const Topic = z.strictObject({
  queues: z.optional(z.array(Name)),
  emails: z.optional(z.array(z.string())),
});

const Table = z.strictObject({ partitionKey: z.string() });

const FunctionSpec = z.strictObject({
  /** `main.EXPORT` of the example's one bundle. */
  handler: z.string().check(z.regex(/^main\.[A-Za-z]\w*$/, { error: 'must name an export of src/main.ts: main.NAME' })),
  timeoutSeconds: z.number(),
  memoryMegabytes: z.optional(z.number()),
  /** Values are templates: they see the platform's variables and those of the queues, topics and tables. */
  environment: z.optional(z.record(z.string(), z.string())),
  /** Queues whose messages it works on. */
  queues: z.optional(z.array(z.strictObject({ queue: Name, batchSize: z.optional(z.number()) }))),
  /** Of an asynchronous invocation. `onFailure` is a template that gives the destination's ARN. */
  asynchronous: z.optional(z.strictObject({ maximumRetryAttempts: z.number(), onFailure: z.string() })),
});

export const Needs = z.strictObject({
  /** E-mail addresses of people who are asked for approvals: each gets the notices to that address. */
  approvers: z.optional(z.array(z.string())),
  hosts: z.optional(z.array(z.string())),
  queues: z.optional(z.record(Name, Queue)),
  topics: z.optional(z.record(Name, Topic)),
  tables: z.optional(z.record(Name, Table)),
  functions: z.optional(z.record(Name, FunctionSpec)),
  /** Programs on this machine that play somebody else, e.g. a partner: `node FILE` prints its address as its first line. */
  servers: z.optional(z.record(Name, z.strictObject({ file: z.string() }))),
});
export type Needs = z.infer<typeof Needs>;
