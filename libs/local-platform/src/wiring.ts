/**
 * The wiring files under terraform/modules/platform/wiring, which Terraform reads too: what they say is deployed, and nothing of it is
 * repeated here. And what the local platform's parts are called.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { Policies } from './policies.ts';
import { productFolder } from './product-folder.ts';
import { renderTemplate } from './template.ts';

const folder = join(productFolder, 'terraform/modules/platform/wiring');

/** What the local platform's parts are called. */
export const names = {
  table: 'baton-callbacks',
  runDocument: 'baton-run-job',
  api: 'baton',
  hostRole: 'baton-host',
  /** The tag of instances that the dispatcher may send commands to. */
  hostTag: { key: 'baton', value: 'baton' },
  workerRole: 'baton-worker',
  workflowRole: 'baton-workflow',
  /** The role of a function that is a worker: the completer hears roles of these names. */
  workRole: (name: string) => `baton-work-${name}`,
  linkKeyAlias: 'alias/baton-links',
  noticeTopic: 'baton-notices',
  mailConfigurationSet: 'baton-mail',
  queue: (name: string) => `baton-${name}`,
  function: (name: string) => `baton-${name}`,
  role: (name: string) => `baton-${name}`,
} as const;

/** What is deployed only where a platform is asked for it, by the name of the module's variable. */
const onlyWith = z.optional(z.enum(['mail']));
export type Extra = z.infer<typeof onlyWith>;

const FunctionTable = z.record(
  z.string(),
  z.object({
    onlyWith,
    bundle: z.string(),
    handler: z.string(),
    memoryMegabytes: z.number(),
    timeoutSeconds: z.number(),
    environment: z.record(z.string(), z.string()),
    /** Variables whose values are known when the rest is deployed, by the name of the value. */
    environmentOnceDeployed: z.optional(
      z.record(z.string(), z.enum(['endpoint', 'completions_queue_url', 'mail_queue_url'])),
    ),
    /** Queues whose messages it takes. */
    queues: z.optional(
      z.array(z.object({ queue: z.string(), batchSize: z.number(), maximumConcurrency: z.optional(z.number()) })),
    ),
  }),
);
export type FunctionTable = z.infer<typeof FunctionTable>;

const QueueTable = z.record(
  z.string(),
  z.object({
    onlyWith,
    visibilityTimeoutSeconds: z.number(),
    messageRetentionSeconds: z.number(),
    redrive: z.optional(z.object({ deadLetterQueue: z.string(), maxReceiveCount: z.number() })),
  }),
);

const RouteTable = z.array(
  z.object({ route: z.string(), function: z.string(), authorization: z.enum(['AWS_IAM', 'NONE']) }),
);

const EventTable = z.object({
  rules: z.record(z.string(), z.object({ onlyWith, function: z.string(), pattern: z.record(z.string(), z.unknown()) })),
  schedules: z.record(z.string(), z.object({ function: z.string(), expression: z.string() })),
});

const Key = z.object({ name: z.string(), type: z.enum(['S', 'N', 'B']) });
const Table = z.object({
  partitionKey: Key,
  sortKey: Key,
  timeToLiveAttribute: z.string(),
  indexes: z.record(z.string(), z.object({ partitionKey: Key, sortKey: Key })),
});

function read(file: string, variables?: Readonly<Record<string, string | number>>): unknown {
  const text = readFileSync(join(folder, file), 'utf8');
  const name = `terraform/modules/platform/wiring/${file}`;
  try {
    return JSON.parse(variables ? renderTemplate(text, variables, name) : text);
  } catch (error) {
    throw error instanceof SyntaxError ? new Error(`${name} is not JSON: ${error.message}`, { cause: error }) : error;
  }
}

export interface FunctionVariables {
  readonly table_name: string;
  readonly run_document_name: string;
  readonly account_id: string;
  readonly host_role_names: string;
  readonly worker_role_names: string;
  readonly completions_queue_arn: string;
  readonly link_key_ids: string;
  readonly notice_topic_arn: string;
  readonly loopback_webhooks: 'allow' | 'refuse';
  readonly webhook_allow: string;
  readonly mail_from: string;
  readonly mail_configuration_set: string;
  readonly mails_per_second: string;
}

/** Of a table's entries those that every platform has, and those of what this one is asked for. */
const deployed = <T extends { readonly onlyWith?: Extra }>(
  table: Readonly<Record<string, T>>,
  extras: readonly Extra[],
) =>
  Object.fromEntries(
    Object.entries(table).filter(([, { onlyWith: extra }]) => extra === undefined || extras.includes(extra)),
  );

export const readFunctions = (variables: FunctionVariables, extras: readonly Extra[] = []) =>
  deployed(FunctionTable.parse(read('functions.json', { ...variables })), extras);
export const readQueues = (extras: readonly Extra[] = []) => deployed(QueueTable.parse(read('queues.json')), extras);
export const readRoutes = () => RouteTable.parse(read('routes.json'));
export function readEvents(
  variables: { run_document_name: string; state_machine_arns: string; mail_configuration_set: string },
  extras: readonly Extra[] = [],
) {
  const { rules, schedules } = EventTable.parse(read('events.json', variables));
  return { rules: deployed(rules, extras), schedules };
}
/** Each placeholder stands for a name, or for several. */
export type PolicyVariables = Readonly<Record<string, string | readonly string[]>>;

export function readPolicies(variables: PolicyVariables): Policies {
  const several = Object.entries(variables).map(([name, value]) => [name, [value].flat().join('", "')] as const);
  return Policies.parse(read('policies.json', Object.fromEntries(several)));
}
export const readTable = () => Table.parse(read('table.json'));
export const readRunDocument = (variables: { endpoint: string }) => read('run-document.json', variables);

/** The folder that an app is built into. */
export const bundleFolder = (bundle: string) => join(productFolder, 'apps', bundle, 'dist');
