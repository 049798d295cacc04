import type { LocalAws, ObservedCall, ServiceEvent } from '@baton/local-aws';

/** Everything that passed through a local AWS, and the way to wait for what is to come. */
export interface Watch {
  readonly calls: readonly ObservedCall[];
  readonly events: readonly ServiceEvent[];
  /** Resolves as soon as `find` finds something; it is asked again after each call and event. */
  readonly when: <T>(find: () => T | undefined) => Promise<T>;
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
  return {
    calls,
    events,
    when: (find) =>
      new Promise((resolve) => {
        const check = (): void => {
          const found = find();
          if (found === undefined) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      }),
  };
}
