/**
 * What a callback is for. A kind of work is a file in work/, its line in the union here, and its starter in the
 * dispatcher. Every kind has timeoutSeconds and heartbeatSeconds, the same numbers as in the state (L4); people do not
 * beat, so that for them both are equal.
 */
import * as z from 'zod/mini';
import { BatonError } from './errors.ts';
import { parse } from './parse.ts';
import type { Job } from './reports.ts';
import { SsmWork } from './work/ssm.ts';

export const Work = z.discriminatedUnion('kind', [SsmWork]);
export type Work = z.infer<typeof Work>;
export type WorkKind = Work['kind'];

const KINDS: readonly string[] = ['ssm'] satisfies WorkKind[];

/** Work and output must fit one item of the table together. */
const MAX_WORK_BYTES = 65_536;

/**
 * @throws {BatonError} `UnknownWorkKind`
 * @throws {BatonError} `InvalidRequest` that names the field
 */
export function parseWork(value: unknown): Work {
  const { kind } = parse(z.object({ kind: z.string() }), value);
  if (!KINDS.includes(kind)) {
    throw new BatonError('UnknownWorkKind', `work.kind must be one of: ${KINDS.join(', ')}`);
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
