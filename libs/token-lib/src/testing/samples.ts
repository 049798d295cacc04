import type { Decision } from '../lifecycle/decision.ts';
import { newCallback } from '../lifecycle/dispatch.ts';
import type { Callback, Stored } from '../lifecycle/callback.ts';
import type { DispatchContext } from '../lifecycle/dispatch-context.ts';
import { seconds, type Millis } from '../wire/millis.ts';
import { TaskToken } from '../wire/task-token.ts';
import { revealWorkSecret, workSecretOf } from '../wire/work-secret.ts';
import type { ApprovalWork } from '../kinds/approval.ts';
import type { QueueWork } from '../kinds/queue.ts';
import type { SsmWork } from '../kinds/ssm.ts';
import type { Work } from '../kinds/work.ts';

export const START: Millis = Date.parse('2026-03-01T12:00:00.000Z');
export const EXECUTION_ARN = 'arn:aws:states:eu-central-1:111122223333:execution:nightly:run-1';
export const INSTANCE_ID = 'i-0123456789abcdef0';
export const RUN_ID = '11111111-1111-4111-8111-111111111111';
export const OTHER_RUN_ID = '22222222-2222-4222-8222-222222222222';

/** Shaped as real ones are: two base64 runs glued together. */
export const tokenText = (name: string): string =>
  `AQCEAAAAKgAAAAMAAAAA${Buffer.from(name).toString('base64')}==${'x+/'.repeat(200)}=`;
export const sampleToken = (name = 'first'): TaskToken => TaskToken.parse(tokenText(name));

/** The secret of the callback of that token, as its work carries it. */
export const workSecretText = (name = 'first'): string => revealWorkSecret(workSecretOf(sampleToken(name)));

export const sampleContext = (over: Partial<DispatchContext> = {}): DispatchContext => ({
  executionArn: EXECUTION_ARN,
  redriveCount: 0,
  state: 'RunJob',
  enteredTime: new Date(START).toISOString(),
  retryCount: 0,
  ...over,
});

export const sampleWork = (over: Partial<SsmWork> = {}): SsmWork => ({
  kind: 'ssm',
  instanceId: INSTANCE_ID,
  command: ['./make-report.sh', '--rows', '50000'],
  timeoutSeconds: 3600,
  heartbeatSeconds: 60,
  ...over,
});

export const sampleQueueWork = (over: Partial<QueueWork> = {}): QueueWork => ({
  kind: 'queue',
  queueUrl: 'https://sqs.eu-central-1.amazonaws.com/111122223333/jobs',
  message: { number: 4 },
  timeoutSeconds: 3600,
  ...over,
});

export const sampleApprovalWork = (over: Partial<ApprovalWork> = {}): ApprovalWork => ({
  kind: 'approval',
  title: 'Deploy to production',
  approvers: [{ name: 'Ann', email: 'ann@example.com' }, { name: 'Bob' }, { name: 'Cid' }],
  needed: 1,
  veto: true,
  deny: 'result',
  timeoutSeconds: 3600,
  ...over,
});

export const fromOperator = { by: 'operator', operator: { who: 'jane@laptop', why: 'the disk was full' } } as const;

/** A row as a dispatcher makes it, `after` seconds past START. */
export const sampleRow = (
  name = 'first',
  context: Partial<DispatchContext> = {},
  after = 0,
  work: Work = sampleWork(),
): Stored =>
  newCallback({
    token: sampleToken(name),
    context: sampleContext(context),
    work,
    at: START + seconds(after),
  });

/** The work of a row that has it in itself. */
export function workIn({ work }: Callback): Work {
  if (work === 'apart') throw new Error('the work of this row lies apart');
  return work;
}

/** Too large for its row, and with a depth and a number that DynamoDB's own types cannot represent. */
export const largeWork = (): QueueWork =>
  sampleQueueWork({
    message: { text: 'x'.repeat(60_000), deep: JSON.parse(`${'['.repeat(100)}1e300${']'.repeat(100)}`) as unknown },
    heartbeatSeconds: 60,
  });

/** Arrays within arrays, as JSON text. */
export const deepJson = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

export const nested = (levels: number): unknown => JSON.parse(deepJson(levels));

/** What a decision may write. */
type NextOf<D> = D extends unknown ? ('next' extends keyof D ? NonNullable<D['next' & keyof D]> : never) : never;

/** The row that a rule has decided to write. */
export function nextOf<D extends Decision>(decision: D): NextOf<D>;
export function nextOf({ answer, next }: Decision): Callback {
  if (next === undefined) throw new Error(`nothing is to be written: ${answer}`);
  return next;
}
