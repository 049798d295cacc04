/**
 * What a callback is for. A kind of work is a file in this folder, with its schema and its starter, and its lines here.
 * Every kind has `timeoutSeconds`, equal to the state's (L4). Kinds for machines may have `heartbeatSeconds`; people and
 * partners send no heartbeats.
 */
import * as z from 'zod/mini';
import { BatonError } from '../wire/errors.ts';
import { jsonText } from '../wire/json-text.ts';
import { parse } from '../wire/parse.ts';
import type { Job } from '../wire/reports.ts';
import { ApprovalWork } from './approval.ts';
import { LambdaWork } from './lambda.ts';
import { QueueWork } from './queue.ts';
import { SsmWork } from './ssm.ts';
import type { Startable, Started, Starter } from './start.ts';
import { WebhookWork } from './webhook.ts';

const SCHEMAS = [SsmWork, QueueWork, LambdaWork, ApprovalWork, WebhookWork] as const;

export const Work = z.discriminatedUnion('kind', SCHEMAS);
export type Work = z.infer<typeof Work>;

/**
 * Work as it is stored. It was validated when it was dispatched. Stored work is read without the checks across fields,
 * and keeps fields that this release does not know, so that a stricter or an older release can read what is in flight.
 */
export const StoredWork: z.ZodMiniType<Work> = z.union(
  SCHEMAS.map((schema): z.ZodMiniType<Work> => z.looseObject(schema.shape)),
);
export type WorkKind = Work['kind'];
type WorkOf<K extends WorkKind> = Extract<Work, { kind: K }>;

/** One for each kind of work. */
export type Starters = { readonly [K in WorkKind]: Starter<WorkOf<K>> };

export const startWork = <K extends WorkKind>(
  starters: Starters,
  callback: Startable,
  work: WorkOf<K> & { kind: K },
  resumed: boolean,
): Promise<Started> => starters[work.kind](callback, work, resumed);

export const WORK_KINDS = ['ssm', 'queue', 'lambda', 'approval', 'webhook'] as const satisfies readonly WorkKind[];

/** Who reports how work of a kind ended. */
export type WorkReporter =
  /** Only the host that holds the claim. */
  | 'host'
  /** A worker of the platform, which was given the callbackId. */
  | 'worker'
  /** Whoever holds a signed link. */
  | 'link';

const REPORTERS: Readonly<Record<WorkKind, WorkReporter>> = {
  ssm: 'host',
  queue: 'worker',
  lambda: 'worker',
  approval: 'link',
  webhook: 'link',
};

export const workReporter = ({ kind }: Pick<WorkTerms, 'kind'>): WorkReporter => REPORTERS[kind];

const wholeSeconds = z.number();

/**
 * What decisions need of the work. A row has its terms even if the work itself is stored apart, so that a heartbeat or a
 * report does not have to read a large job or message.
 */
export const WorkTerms = z.object({
  kind: z.enum(WORK_KINDS),
  timeoutSeconds: wholeSeconds,
  /** Present if the state has HeartbeatSeconds. */
  heartbeatSeconds: z.optional(wholeSeconds),
  /** Present if the work is bound to a host, which alone may report for it. */
  instanceId: z.optional(z.string()),
  /** Approvals only: how many must approve. */
  needed: z.optional(z.number()),
  /** What or where the work is, for people: at most 256 characters. */
  summary: z.string(),
});
export type WorkTerms = z.infer<typeof WorkTerms>;

export function termsOf(work: Work): WorkTerms {
  const { kind, timeoutSeconds } = work;
  return {
    kind,
    timeoutSeconds,
    heartbeatSeconds: 'heartbeatSeconds' in work ? work.heartbeatSeconds : undefined,
    instanceId: work.kind === 'ssm' ? work.instanceId : undefined,
    needed: work.kind === 'approval' ? work.needed : undefined,
    summary: shorten(summaryOf(work)),
  };
}

const MAX_SUMMARY_CHARACTERS = 256;

function shorten(text: string): string {
  const characters = [...text];
  if (characters.length <= MAX_SUMMARY_CHARACTERS) return text;
  return `${characters.slice(0, MAX_SUMMARY_CHARACTERS - 1).join('')}…`;
}

/** Returns what or where the work is, in a few words; never a message, a payload or a link. */
export function summaryOf(work: Work): string {
  switch (work.kind) {
    case 'ssm':
      return work.command?.map(quoted).join(' ') ?? work.shell ?? '';
    case 'queue':
      return work.queueUrl.split('/').at(-1) ?? work.queueUrl;
    case 'lambda':
      return work.functionName.replace(/^.*:function:/, '');
    case 'approval':
      return work.title;
    case 'webhook':
      return new URL(work.url).host;
  }
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/**
 * Work up to this size, as JSON text, is stored in the callback's row; larger work in an item of its own. DynamoDB bills a
 * write by the size of the whole item, in units of 1 KB, and a row is written at least four times and at each heartbeat
 * (figures: README.md).
 */
const MAX_WORK_BYTES_IN_ROW = 1_024;

export const fitsInRow = (work: Work): boolean =>
  Buffer.byteLength(JSON.stringify(work), 'utf8') <= MAX_WORK_BYTES_IN_ROW;

/** The maximum size of work as JSON text: work is an instruction, not the data to work on. */
const MAX_WORK_BYTES = 65_536;

/**
 * @throws {BatonError} `UnknownWorkKind`
 * @throws {BatonError} `InvalidRequest` that names the field
 * @throws {BatonError} `JsonTooDeep`
 */
export function parseWork(value: unknown): Work {
  const { kind } = parse(z.object({ kind: z.string() }), value);
  if (!Object.hasOwn(REPORTERS, kind)) {
    throw new BatonError('UnknownWorkKind', `work.kind must be one of: ${WORK_KINDS.join(', ')}`);
  }
  const work = parse(z.object({ work: Work }), { work: value }).work;
  if (Buffer.byteLength(jsonText(work, 'work') ?? '', 'utf8') > MAX_WORK_BYTES) {
    throw new BatonError(
      'InvalidRequest',
      `work has more than ${MAX_WORK_BYTES} bytes: keep large input elsewhere and pass where`,
    );
  }
  return work;
}

/** Returns how long the work may be silent: without heartbeats, until its timeout. */
export const longestSilenceSeconds = ({
  heartbeatSeconds,
  timeoutSeconds,
}: Pick<WorkTerms, 'heartbeatSeconds' | 'timeoutSeconds'>): number => heartbeatSeconds ?? timeoutSeconds;

/** Returns what a host that claims is to run; undefined if this kind of work is not claimed. */
export function jobOf(work: Work): Job | undefined {
  if (work.kind !== 'ssm') return undefined;
  const { command, shell, workingDirectory, environment } = work;
  return { command, shell, workingDirectory, environment };
}
