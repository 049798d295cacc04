/** The pieces of work that are done in the simulated world. */
import type { Millis, Outcome, Work, WorkKind } from '@baton/token-lib';

export interface Piece {
  /** e.g. `piece-12` */
  readonly name: string;
  readonly kind: WorkKind;
  /** What the state machine hands to the dispatcher. */
  readonly work: (instanceId: string) => Work;
  readonly heartbeatSeconds: number | undefined;
  readonly timeoutSeconds: number;
  /** How long a run of it takes. */
  readonly takes: Millis;
  /** How each run of it ends; people decide by themselves. */
  readonly outcome: Outcome;
}
