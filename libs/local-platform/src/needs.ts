/**
 * What an example has beside the platform, from its local.json: the local twin of the resources in its main.tf, with the defaults of the Terraform
 * modules. A test (test/main-tf.test.ts) compares both, value by value. Names are the example's own; what is made locally is called after the
 * example, a hyphen and that name.
 */
import * as z from 'zod/mini';
import { Statement } from './policies.ts';

const Name = z
  .string()
  .check(z.regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'must be a name such as "orders-dead": a-z, 0-9 and hyphens' }));

/** What a role may do beside what its module allows it. Resources are templates. */
const Statements = z._default(z.array(Statement), []);

const FunctionMembers = {
  /** `main.EXPORT` of the example's one bundle. */
  handler: z.string().check(z.regex(/^main\.[A-Za-z]\w*$/, { error: 'must name an export of src/main.ts: main.NAME' })),
  timeoutSeconds: z.number(),
  memoryMegabytes: z._default(z.number(), 256),
  /** Values are templates: they see the platform's variables and those of the queues, topics and tables. */
  environment: z._default(z.record(z.string(), z.string()), {}),
};

/** As terraform/modules/function. */
const FunctionNeed = z.strictObject({
  ...FunctionMembers,
  statements: Statements,
  /** Of an asynchronous invocation. `onFailure` is a template that gives the destination's ARN. */
  asynchronous: z.optional(z.strictObject({ maximumRetryAttempts: z.number(), onFailure: z.string() })),
});

/** As terraform/modules/queue-worker: a queue, the function that takes its messages, and the dead letters whose tasks the completer fails. */
const Worker = z.strictObject({
  ...FunctionMembers,
  /** Its messages carry task tokens, and it tells Step Functions itself. */
  settles: z._default(z.boolean(), false),
  batchSize: z._default(z.number(), 1),
  maxReceiveCount: z._default(z.number(), 5),
  messageRetentionSeconds: z._default(z.number(), 345_600),
  /** Six times `timeoutSeconds` where it is left out. */
  visibilityTimeoutSeconds: z.optional(z.number()),
});
export type Worker = z.infer<typeof Worker>;

export const DEAD_LETTERS = { visibilityTimeoutSeconds: 180, messageRetentionSeconds: 1_209_600, batchSize: 10 };

/** `queues` and `emails` receive what is published, in place of the subscribers that a topic has on AWS. */
const Topic = z.strictObject({
  queues: z.optional(z.array(Name)),
  emails: z.optional(z.array(z.string())),
});

export const Needs = z.strictObject({
  /** For editors. */
  $schema: z.optional(z.string()),
  /** What the state machine may do. */
  statements: Statements,
  workers: z._default(z.record(Name, Worker), {}),
  functions: z._default(z.record(Name, FunctionNeed), {}),
  queues: z._default(z.record(Name, z.strictObject({ visibilityTimeoutSeconds: z.optional(z.number()) })), {}),
  topics: z._default(z.record(Name, Topic), {}),
  tables: z._default(z.record(Name, z.strictObject({ partitionKey: z.string() })), {}),
  /** E-mail addresses of people who are asked for approvals: each gets the notices to that address. */
  approvers: z._default(z.array(z.string()), []),
  /** Instance ids. */
  hosts: z._default(z.array(z.string()), []),
  /** Programs on this machine that play somebody else, e.g. a partner: `node FILE` prints its address as its first line. */
  servers: z._default(z.record(Name, z.strictObject({ file: z.string() })), {}),
});
export type Needs = z.infer<typeof Needs>;
