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

/** A statement of a policy that had a part in a decision. */
export interface DecidingStatement {
  readonly type: 'identity' | 'resource' | 'boundary' | 'session';
  /** `ROLE/NAME` of an inline policy, the ARN of a managed one; of a resource's policy its resource. */
  readonly policy: string;
  /** Counts from 0. */
  readonly index: number;
  readonly sid: string | undefined;
}

/** What IAM has decided on one action and one resource of a call. */
export interface ObservedDecision {
  readonly caller: Caller;
  /** As IAM names it, e.g. `lambda:InvokeFunction`. */
  readonly action: string;
  readonly resource: string;
  readonly allowed: boolean;
  /** Where allowed: each gate was opened by any one of its statements, and who is alone in one was needed. */
  readonly gates: readonly (readonly DecidingStatement[])[];
}

/** Looks on, for a timeline or a test. */
export interface Observer {
  call?(call: ObservedCall): void;
  /** Nothing is decided about the root user, who may do everything. */
  decision?(decision: ObservedDecision): void;
  event?(event: ServiceEvent): void;
}

export interface Observers {
  /** Returns the way to take it off again. */
  add(observer: Observer): () => void;
  called(call: ObservedCall): void;
  published(event: ServiceEvent): void;
  decided(decision: ObservedDecision): void;
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
    decided(decision) {
      for (const observer of observers) observer.decision?.(decision);
    },
    published(event) {
      for (const observer of observers) observer.event?.(event);
    },
  };
}
