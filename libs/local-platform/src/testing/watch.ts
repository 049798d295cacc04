import type { LocalAws, ObservedCall, ServiceEvent } from '@baton/local-aws';

/** Everything that has passed through a local AWS, and a way to wait for what comes. */
export interface Watch {
  readonly calls: readonly ObservedCall[];
  readonly events: readonly ServiceEvent[];
  /** Resolves with the first result of `find` that is not undefined; it is called again after each call and event. */
  readonly when: <T>(find: () => T | undefined) => Promise<T>;
  /** Resolves when the execution has ended. */
  readonly executionEnded: (executionArn: string) => Promise<ServiceEvent>;
}

export function watch(aws: LocalAws): Watch {
  const calls: ObservedCall[] = [];
  const events: ServiceEvent[] = [];
  const waiting = new Set<() => void>();
  const look = (): void => {
    for (const check of waiting) check();
  };
  aws.observe({
    call(call) {
      calls.push(call);
      look();
    },
    event(event) {
      events.push(event);
      look();
    },
  });
  const when: Watch['when'] = (find) =>
    new Promise((resolve) => {
      const check = (): void => {
        const found = find();
        if (found === undefined) return;
        waiting.delete(check);
        resolve(found);
      };
      waiting.add(check);
      check();
    });
  return {
    calls,
    events,
    when,
    executionEnded: (executionArn) =>
      when(() =>
        events.find(
          ({ source, detail }) =>
            source === 'aws.states' && detail['executionArn'] === executionArn && detail['status'] !== 'RUNNING',
        ),
      ),
  };
}
