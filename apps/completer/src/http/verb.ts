import type { Callback, Millis, SettlePorts } from '@baton/token-lib';

export type HttpPorts = SettlePorts;

export interface HttpAnswer {
  readonly status: number;
  readonly body: object;
}

/** One route's doing. The row is the caller's own, and may have changed since it was read. */
export type Verb = (ports: HttpPorts, row: Callback, body: unknown, at: Millis) => Promise<HttpAnswer>;
