import type { Activity } from './clock/activity.ts';
import type { Clock } from './clock/clock.ts';
import type { Credentials } from './credentials/credentials.ts';
import type { Observers } from './observers.ts';
import type { HttpAnswer, HttpRequest } from './protocols/http.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = Record<string, unknown>;

/** Who calls, as the request's signature says. */
export interface Caller {
  readonly accountId: string;
  readonly region: string;
  /** E.g. `arn:aws:sts::000000000000:assumed-role/ROLE/i-0abc`. */
  readonly principalArn: string;
  /** `AROA...:SESSION` of a role's session; the account id where it is left out. */
  readonly userId?: string;
}

/**
 * One API action: the request's members in, the answer's members out, both in the shape of the AWS API model (member names
 * as AWS spells them; blobs are Uint8Array; timestamps are epoch seconds, in EC2, IAM, SNS and STS ISO 8601 text). The same
 * function serves HTTP and in-process calls.
 * @throws {AwsError} to refuse
 */
export type Action = (input: JsonObject, caller: Caller) => JsonObject | Promise<JsonObject>;

/** The ids are the signing names of the services, as they stand in a request's credential scope. */
export type ServiceId =
  | 'states'
  | 'lambda'
  | 'dynamodb'
  | 'ssm'
  | 'events'
  | 'sqs'
  | 'sns'
  | 'kms'
  | 'ec2'
  | 'iam'
  | 'sts'
  | 'logs'
  | 'apigateway';

export interface Service {
  readonly id: ServiceId;
  /** By the action's name as AWS spells it, e.g. `StartExecution`. */
  readonly actions: Readonly<Record<string, Action>>;
  /**
   * Plain HTTP under `/_aws/<name>/...`, for what is no API action (an API's invoke URL, a confirmation link), by name; `rest`
   * is the part of the request's path that follows the name.
   */
  readonly doors?: Readonly<Record<string, (request: HttpRequest, rest: string) => HttpAnswer | Promise<HttpAnswer>>>;
  /** Ends timers, threads and processes. */
  close?(): Promise<void> | void;
}

/** An event of an AWS service, as it appears on the default bus of EventBridge. */
export interface ServiceEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly resources: readonly string[];
  readonly detail: JsonObject;
}

/** What every service gets: time, chance, and the way to the others. */
export interface World {
  readonly clock: Clock;
  /** Work in flight. The manual clock stands still while there is any. */
  readonly activity: Activity;
  readonly accountId: string;
  readonly region: string;
  /** Who may sign requests: long-term keys and the temporary ones of roles, functions and hosts. */
  readonly credentials: Credentials;
  /** Who looks on: every answered call and every published event passes here. */
  readonly observers: Observers;
  /** A folder of this run's own, removed on close: function code, host folders. */
  readonly folder: string;
  uuid(): string;
  /** 0 <= random() < 1 */
  random(): number;
  /** The base address that clients use, e.g. `http://127.0.0.1:4577`. Before listening it has no port yet. */
  endpoint(): string;
  /** Puts an event on the default bus, without waiting for its targets. */
  publish(event: ServiceEvent): void;
  /** Calls another service's action, as itself would be called over HTTP. @throws {AwsError} */
  call(service: ServiceId, action: string, input: JsonObject, caller?: Caller): Promise<JsonObject>;
}
