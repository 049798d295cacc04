import type { Clock, Millis } from '../../../kernel/clock/clock.ts';
import type { JsonObject } from '../../../kernel/service.ts';
import type { Tags } from '../../../kit/tags.ts';
import type { CallTask } from './integration-port.ts';

/** A task that no worker has taken yet. */
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
  /** Oldest first. At least one of `offers` and `polls` is empty. */
  readonly offers: Set<Offer>;
  readonly polls: Set<Poll>;
}

export interface Activities {
  readonly byArn: Map<string, Activity>;
  /** Hands the task to the worker that has polled longest, or keeps it for the next one. Returns a function that withdraws it. */
  offer(arn: string, task: CallTask, started: (workerName: string | undefined) => void): () => void;
  /** Returns the oldest task on offer, or waits up to a minute for one; then undefined. [documented: GetActivityTask] */
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
