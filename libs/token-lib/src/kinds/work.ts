/**
 * What a callback is for. A kind of work is a file in this folder (its schema and how it is started) and its lines here. Every
 * kind has timeoutSeconds, the same number as in the state (L4); heartbeatSeconds stands where the state has it, which
 * is never so for people and partners: they do not beat.
 */
import * as z from 'zod/mini';
import { BatonError } from '../wire/errors.ts';
import { parse } from '../wire/parse.ts';
import type { Job } from '../wire/reports.ts';
import { ApprovalWork } from './approval.ts';
import { LambdaWork } from './lambda.ts';
import { QueueWork } from './queue.ts';
import { SsmWork } from './ssm.ts';
import type { Startable, Started, Starter } from './start.ts';
import { WebhookWork } from './webhook.ts';

export const Work = z.discriminatedUnion('kind', [SsmWork, QueueWork, LambdaWork, ApprovalWork, WebhookWork]);
export type Work = z.infer<typeof Work>;

/**
 * Work as a row has it. It was checked when it came: a row is read by its members alone, and keeps those that this
 * release does not know, so that a stricter or a newer release reads what is in flight.
 */
export const StoredWork: z.ZodMiniType<Work> = z.discriminatedUnion('kind', [
  z.looseObject(SsmWork.shape),
  z.looseObject(QueueWork.shape),
  z.looseObject(LambdaWork.shape),
  z.looseObject(ApprovalWork.shape),
  z.looseObject(WebhookWork.shape),
]);
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

/** Who says how work of a kind ended. */
export type WorkReporter =
  /** The host that holds the claim, and nobody else. */
  | 'host'
  /** A worker of the platform that has been given the callbackId. */
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
 * What decisions need of the work. A row has it even where the work itself lies apart, so that a heartbeat or a report
 * does not have to read a large job or message.
 */
export const WorkTerms = z.object({
  kind: z.enum(WORK_KINDS),
  timeoutSeconds: wholeSeconds,
  /** Of work whose state has HeartbeatSeconds. */
  heartbeatSeconds: z.optional(wholeSeconds),
  /** Of work that is bound to a host: its callback answers to that host alone. */
  instanceId: z.optional(z.string()),
  /** Of an approval: how many must approve. */
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

/** What or where the work is, in a few words of its kind: never a message, a payload or a link. */
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
 * Up to this size the work's JSON text stands in the callback's row; above it, in an item of its own. DynamoDB bills each
 * write by the size of the whole item, 1 KB a unit, and a row is written at least four times and at each heartbeat
 * (README.md has the figures).
 */
const MAX_WORK_BYTES_IN_ROW = 1_024;

export const fitsInRow = (work: Work): boolean =>
  Buffer.byteLength(JSON.stringify(work), 'utf8') <= MAX_WORK_BYTES_IN_ROW;

/** What a dispatch may carry: work is an instruction, not the data to work on. */
const MAX_WORK_BYTES = 65_536;

/**
 * @throws {BatonError} `UnknownWorkKind`
 * @throws {BatonError} `InvalidRequest` that names the field
 */
export function parseWork(value: unknown): Work {
  const { kind } = parse(z.object({ kind: z.string() }), value);
  if (!Object.hasOwn(REPORTERS, kind)) {
    throw new BatonError('UnknownWorkKind', `work.kind must be one of: ${WORK_KINDS.join(', ')}`);
  }
  const work = parse(z.object({ work: Work }), { work: value }).work;
  if (Buffer.byteLength(JSON.stringify(work), 'utf8') > MAX_WORK_BYTES) {
    throw new BatonError(
      'InvalidRequest',
      `work has more than ${MAX_WORK_BYTES} bytes: keep large input elsewhere and pass where`,
    );
  }
  return work;
}

/** How long the work may be silent: who does not beat may be so until the end. */
export const longestSilenceSeconds = ({
  heartbeatSeconds,
  timeoutSeconds,
}: Pick<WorkTerms, 'heartbeatSeconds' | 'timeoutSeconds'>): number => heartbeatSeconds ?? timeoutSeconds;

/** What the host that claims is to run. */
export function jobOf(work: Work): Job | undefined {
  if (work.kind !== 'ssm') return undefined;
  const { command, shell, workingDirectory, environment } = work;
  return { command, shell, workingDirectory, environment };
}
