import { seconds, type Millis, type WorkKind } from '@baton/token-lib';

/** What is simulated, and how badly it is treated. */
export interface ChaosOptions {
  readonly seed: number;
  /** How many pieces of work are dispatched. Attempts that Step Functions makes again come on top. */
  readonly callbacks: number;
  /** The probability of a fault at each call, and of a misfortune of each run. */
  readonly faults: number;
  readonly kinds: readonly WorkKind[];
  /** Of pieces that have heartbeats; one is picked for each. */
  readonly heartbeatSeconds: readonly number[];
  /** Whether Step Functions throttles all outcomes for three minutes of every twenty. */
  readonly outages: boolean;
  /** Whether every event of EventBridge is lost: then the reconciler alone sees what has ended. */
  readonly deaf: boolean;
  /** How many pieces are begun in a second. */
  readonly perSecond: number;
}

export const DEFAULTS: ChaosOptions = {
  seed: 1,
  callbacks: 1_000,
  faults: 0.05,
  kinds: ['ssm', 'ssm', 'queue', 'lambda', 'approval', 'webhook'],
  heartbeatSeconds: [20, 60, 300],
  outages: false,
  deaf: false,
  perSecond: 10,
};

export const START: Millis = Date.parse('2026-03-01T12:00:00.000Z');
export const TIMEOUT_SECONDS = 3_600;
/** By then everything is closed: the reconciler, which dies again and again, takes hours for what it does in minutes. */
export const LONGEST: Millis = seconds(7 * 86_400);
