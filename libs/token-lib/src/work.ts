/**
 * What a callback is for. A kind of work is a file in kinds/, its lines here, and its starter in the dispatcher. Every
 * kind has timeoutSeconds, the same number as in the state (L4); heartbeatSeconds stands where the state has it, which
 * is never so for people and partners: they do not beat.
 */
import * as z from 'zod/mini';
import { BatonError } from './errors.ts';
import { parse } from './parse.ts';
import type { Job } from './reports.ts';
import { ApprovalWork } from './kinds/approval.ts';
import { LambdaWork } from './kinds/lambda.ts';
import { QueueWork } from './kinds/queue.ts';
import { SsmWork } from './kinds/ssm.ts';
import { WebhookWork } from './kinds/webhook.ts';

export const Work = z.discriminatedUnion('kind', [SsmWork, QueueWork, LambdaWork, ApprovalWork, WebhookWork]);
export type Work = z.infer<typeof Work>;
export type WorkKind = Work['kind'];

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

export const workReporter = (work: Work): WorkReporter => REPORTERS[work.kind];

/** Work and output must fit one item of the table together. */
const MAX_WORK_BYTES = 65_536;

/**
 * @throws {BatonError} `UnknownWorkKind`
 * @throws {BatonError} `InvalidRequest` that names the field
 */
export function parseWork(value: unknown): Work {
  const { kind } = parse(z.object({ kind: z.string() }), value);
  if (!Object.hasOwn(REPORTERS, kind)) {
    throw new BatonError('UnknownWorkKind', `work.kind must be one of: ${Object.keys(REPORTERS).join(', ')}`);
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
export const longestSilenceSeconds = (work: Work): number =>
  'heartbeatSeconds' in work ? (work.heartbeatSeconds ?? work.timeoutSeconds) : work.timeoutSeconds;

/**
 * The host that the work is bound to, if it is: its callback answers to that host alone, and SSM and EC2 are asked
 * about it.
 */
export const instanceIdOf = (work: Work): string | undefined => (work.kind === 'ssm' ? work.instanceId : undefined);

/** What the host that claims is to run. */
export function jobOf(work: Work): Job | undefined {
  if (work.kind !== 'ssm') return undefined;
  const { command, shell, workingDirectory, environment } = work;
  return { command, shell, workingDirectory, environment };
}
