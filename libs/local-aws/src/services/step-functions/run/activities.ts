import type { Clock, Millis } from '../../../kernel/clock/clock.ts';
import type { JsonObject } from '../../../kernel/service.ts';
import type { Tags } from '../../../kit/tags.ts';
import type { CallTask } from './integration-port.ts';

/** A task that waits for a worker. */
interface Offer {
  readonly token: string;
  readonly input: string;
  started(workerName: string | undefined): void;
}

interface Poll {
  readonly workerName: string | undefined;
  answer(offer: Offer | undefined): void;
}

export interface Activity {
  readonly arn: string;
  readonly name: string;
  readonly creationDate: Millis;
  readonly encryptionConfiguration: JsonObject | undefined;
  readonly tags: Tags;
  /** In order of arrival. One of the two is always empty. */
  readonly offers: Set<Offer>;
  readonly polls: Set<Poll>;
}

export interface Activities {
  readonly byArn: Map<string, Activity>;
  /** Hands the task to the worker who has waited longest, or keeps it for the next. Returns how to take it back. */
  offer(arn: string, task: CallTask, started: (workerName: string | undefined) => void): () => void;
  /** The task that has waited longest, or the next one to come within a minute. */
  take(activity: Activity, workerName: string | undefined): Promise<Offer | undefined>;
}

const LONG_POLL: Millis = 60_000;

export function createActivities(clock: Clock): Activities {
  const byArn = new Map<string, Activity>();
  return {
    byArn,
    offer(arn, task, started) {
      const activity = byArn.get(arn);
      const offer: Offer = { token: task.token ?? '', input: task.parameters, started };
      const [poll] = activity?.polls ?? [];
      if (poll) poll.answer(offer);
      else activity?.offers.add(offer);
      return () => void activity?.offers.delete(offer);
    },
    take(activity, workerName) {
      const [offer] = activity.offers;
      if (offer) {
        activity.offers.delete(offer);
        offer.started(workerName);
        return Promise.resolve(offer);
      }
      return new Promise((resolve) => {
        const poll: Poll = {
          workerName,
          answer(found) {
            activity.polls.delete(poll);
            timer.cancel();
            found?.started(workerName);
            resolve(found);
          },
        };
        const timer = clock.at(clock.now() + LONG_POLL, () => poll.answer(undefined));
        activity.polls.add(poll);
      });
    },
  };
}
