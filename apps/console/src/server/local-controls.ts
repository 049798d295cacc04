import type { Millis } from '@baton/token-lib';

/** What only a local AWS lets people do: play the people, break hosts, move the clock, break services. */
export interface LocalControls {
  look(): LocalAnswer;
  /** @throws Error when the host is not in a state for it */
  host(instanceId: string, verb: HostVerb): Promise<void>;
  /** Moves the clock on. Timers fire one by one, and what they start comes to rest in between. */
  advance(milliseconds: Millis): Promise<void>;
  /** Replaces the faults. */
  fault(faults: readonly Fault[]): void;
}

export const HOST_VERBS = ['kill', 'reboot', 'lose-network', 'restore-network', 'terminate'] as const;
export type HostVerb = (typeof HOST_VERBS)[number];

/** What happens to calls of an action from now on. */
export interface Fault {
  /** E.g. `states:SendTaskSuccess`, or `sqs:*`. */
  readonly action: string;
  readonly kind: FaultKind;
}

export const FAULT_KINDS = ['throttle', 'delay', 'drop'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface LocalAnswer {
  readonly now: Millis;
  /** How far the clock is before the machine's. */
  readonly ahead: Millis;
  readonly mails: readonly {
    readonly to: string;
    readonly subject: string;
    readonly text: string;
    readonly at: Millis;
  }[];
  readonly hosts: readonly {
    readonly instanceId: string;
    readonly state: string;
    readonly isConnected: boolean;
    readonly bootId: string;
  }[];
  readonly faults: readonly Fault[];
}
