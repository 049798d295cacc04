import type { Millis } from '../../kernel/clock/clock.ts';
import type { EventMatch } from '../../kit/event-pattern/event-pattern.ts';
import type { Schedule } from './schedule.ts';
import type { Tags } from './tag-actions.ts';
import type { Target } from './target.ts';

/** An event as rules and targets see it. */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601, to the second. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

export interface Rule {
  readonly name: string;
  readonly busName: string;
  readonly arn: string;
  readonly description?: string;
  readonly roleArn?: string;
  readonly pattern?: { readonly text: string; readonly matches: EventMatch };
  /** A rate counts from `since`. */
  readonly schedule?: { readonly expression: string; readonly times: Schedule; readonly since: Millis };
  readonly state: 'ENABLED' | 'DISABLED';
  readonly targets: ReadonlyMap<string, Target>;
  readonly tags: Tags;
}
