import type { AwsError } from './aws-error.ts';
import type { Caller, JsonObject, ServiceEvent } from './service.ts';

/** A call that is over, made over HTTP or in this process. It holds what was sent, secrets included: mind what you print. */
export interface ObservedCall {
  /** Undefined for requests to an HTTP API, whose event says who called. */
  readonly caller?: Caller;
  /** A service's id, or `execute-api` for requests to an HTTP API. */
  readonly service: string;
  /** The action's name, or the route key of an HTTP API. */
  readonly action: string;
  readonly input: JsonObject;
  readonly output?: JsonObject;
  readonly error?: AwsError;
}

/** Looks on, for a timeline or a test. */
export interface Observer {
  call?(call: ObservedCall): void;
  event?(event: ServiceEvent): void;
}

export interface Observers {
  /** Returns the way to take it off again. */
  add(observer: Observer): () => void;
  called(call: ObservedCall): void;
  published(event: ServiceEvent): void;
}

export function createObservers(): Observers {
  const observers = new Set<Observer>();
  return {
    add(observer) {
      observers.add(observer);
      return () => observers.delete(observer);
    },
    called(call) {
      for (const observer of observers) observer.call?.(call);
    },
    published(event) {
      for (const observer of observers) observer.event?.(event);
    },
  };
}
