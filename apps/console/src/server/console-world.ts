import type { Diagnosis, LifeView, Millis } from '@baton/token-lib';
import type { OperatorConnection } from '@baton/token-lib/aws';

import type { FactGatherer, LogLine } from './gather-facts.ts';
import type { LocalControls } from './local-controls.ts';
import type { StepFunctions } from './executions/step-functions.ts';

/** Everything that the console sees and acts on. */
export interface ConsoleWorld {
  readonly place: Place;
  /** The platform's callbacks; absent where no platform is deployed. */
  readonly callbacks?: OperatorConnection | undefined;
  /** Of the platform's callbacks; absent with them. */
  readonly facts?: FactGatherer | undefined;
  readonly stepFunctions: StepFunctions;
  readonly now: () => Millis;
  /** Who acts, for the records. */
  readonly who: () => Promise<string>;
  /** Calls back when something may have changed, with the callback's id where it is known. Absent: the console polls. */
  readonly watch?: ((changed: (callbackId?: string) => void) => () => void) | undefined;
  /** Absent on AWS. */
  readonly local?: LocalControls | undefined;
  /** How often AWS is asked. */
  readonly pollMillis: Millis;
}

/** What the console looks at, for its header. */
export interface Place {
  readonly kind: 'local' | 'aws';
  readonly region: string;
  readonly accountId?: string | undefined;
  /** Absent where no platform is deployed. */
  readonly table?: string | undefined;
}

export interface PlaceAnswer extends Place {
  readonly readOnly: boolean;
}

/** One callback, as its page shows it. */
export interface CallbackAnswer extends LifeView {
  readonly diagnosis: Diagnosis;
  /** What the platform's functions have logged of it, the oldest first. */
  readonly log: readonly LogLine[];
  readonly now: Millis;
}
