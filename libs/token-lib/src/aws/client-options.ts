/**
 * How the SDK's clients call AWS. Everything else is theirs to find: region, credentials, partition, FIPS and dual-stack endpoints,
 * and other endpoints (`AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_<SERVICE>`).
 */
import type { Millis } from '../wire/millis.ts';

export interface ClientOptions {
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: Millis;
    readonly requestTimeout: Millis;
    /** Without it the SDK only warns of a request that takes longer. */
    readonly throwOnRequestTimeout: true;
    readonly httpAgent?: AgentOptions;
    readonly httpsAgent?: AgentOptions;
  };
}

interface AgentOptions {
  readonly keepAlive: false;
  /** With a number here, Node asks the server to keep the connection all the same. */
  readonly maxSockets: number;
}

const OWN_CONNECTION: AgentOptions = { keepAlive: false, maxSockets: Infinity };

export interface CallLimits {
  readonly connectionTimeout: Millis;
  readonly requestTimeout: Millis;
}

/**
 * Options for calls that do no harm when they are repeated. Connections are kept alive. Those that AWS has closed while a
 * function was frozen answer the next request with ECONNRESET, which the SDK's retry repeats on a new one.
 */
export const repeatableCalls = (limits: CallLimits, maxAttempts = 3): ClientOptions => ({
  maxAttempts,
  requestHandler: { ...limits, throwOnRequestTimeout: true },
});

/**
 * Options for calls that the SDK must not repeat: because a second one does harm (SendTask*, L1; SendCommand, L5), or because
 * the caller repeats them. Each call opens a connection of its own. A kept one may have been closed by AWS while the function
 * was frozen, and the only attempt would fail; a handshake (with a resumed TLS session) costs less than telling an outcome
 * again.
 */
export const singleCalls = (limits: CallLimits): ClientOptions => ({
  maxAttempts: 1,
  requestHandler: {
    ...limits,
    throwOnRequestTimeout: true,
    httpAgent: OWN_CONNECTION,
    httpsAgent: OWN_CONNECTION,
  },
});
