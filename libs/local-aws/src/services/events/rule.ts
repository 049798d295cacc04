import type { Millis } from '../../kernel/clock/clock.ts';
import type { EventMatch } from '../../kit/event-pattern/event-pattern.ts';
import type { Tags } from '../../kit/tags.ts';
import type { Schedule } from './schedule.ts';
import type { Target } from './target.ts';

/** A rule of a bus, and where it sends the events that it matches. */
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
