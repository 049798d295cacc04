import { AwsError } from '../kernel/aws-error.ts';
import type { Call } from '../kernel/call.ts';
import type { Clock, Millis } from '../kernel/clock/clock.ts';
import type { Chance } from './unkind.ts';

interface Quota {
  /** Calls that may come at once. */
  readonly bucket: number;
  /** Calls a second that it is filled with. */
  readonly refill: number;
}

const SEND_TASK: Quota = { bucket: 3_000, refill: 500 };
const START: Quota = { bucket: 1_300, refill: 300 };

/** An account's calls a second. [documented: Step Functions quotas, us-east-1; no number is published for SendCommand: guessed] */
const QUOTAS: Readonly<Record<string, Quota>> = {
  'states:SendTaskSuccess': SEND_TASK,
  'states:SendTaskFailure': SEND_TASK,
  'states:SendTaskHeartbeat': SEND_TASK,
  'states:StartExecution': START,
  'states:RedriveExecution': START,
  'states:StopExecution': { bucket: 1_000, refill: 200 },
  'states:DescribeExecution': { bucket: 300, refill: 15 },
  'states:GetExecutionHistory': { bucket: 400, refill: 20 },
  'states:ListExecutions': { bucket: 200, refill: 5 },
  'ssm:SendCommand': { bucket: 40, refill: 20 },
};

/** Of an account's calls others make some, too: now and then they have used a quota up for so long. */
const OTHERS = { probability: 0.03, longest: 2_000 };

/** @throws {AwsError} ThrottlingException where a quota is used up */
export function createThrottle(clock: Clock, chance: Chance): (call: Call) => void {
  const buckets = new Map<string, { level: number; at: Millis }>();
  return ({ service, action }) => {
    const name = `${service}:${action}`;
    const quota = QUOTAS[name];
    if (quota === undefined) return;
    const now = clock.now();
    const { level, at } = buckets.get(name) ?? { level: quota.bucket, at: now };
    const filled = now < at ? 0 : Math.min(quota.bucket, level + ((now - at) / 1000) * quota.refill);
    if (filled < 1) throw new AwsError('ThrottlingException', 'Rate exceeded');
    const usedUp = chance.happens(OTHERS.probability);
    buckets.set(name, usedUp ? { level: 0, at: now + chance.upTo(OTHERS.longest) } : { level: filled - 1, at: now });
  };
}
