import type { Call } from './call.ts';
import type { Activity } from './clock/activity.ts';
import type { Clock } from './clock/clock.ts';
import type { Credentials, RoleSession } from './credentials.ts';
import type { HttpAnswer, HttpRequest } from './http.ts';
import type { Observers } from './observers.ts';
import type { Unkindness } from './unkindness.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = Record<string, unknown>;

/** Where a resource lives; the part of its ARN that all resources of a place share. */
export interface Place {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

/** Who makes a call, and where it goes. */
export interface Caller extends Place {
  /**
   * E.g. `arn:aws:sts::123456789012:assumed-role/ROLE/i-0abc`; of an AWS service that acts by itself its service principal, e.g.
   * `sns.amazonaws.com`.
   */
  readonly principalArn: string;
  /** `AROA...:SESSION` of a role's session. */
  readonly userId?: string;
  /** There for sessions of roles. */
  readonly role?: RoleSession;
  /** The resource for which a service principal calls (`aws:SourceArn`), e.g. the topic. */
  readonly sourceArn?: string;
}

/** The ids are the services' signing names, as they stand in a request's credential scope, and their IAM prefixes. */
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
  | 'cloudwatch'
  | 's3'
  | 'apigateway'
  | 'ses';

/** An action of a service, e.g. `sqs:SendMessage`. */
export type ActionName = `${ServiceId}:${string}`;

/**
 * What an action's behaviour is held to: executions or responses recorded on AWS, AWS's documentation, or our best guess.
 * An action counts by its weakest important part.
 */
export type Evidence = 'recorded' | 'documented' | 'guessed';

/** A request that has been read and is about to be let in. */
export interface Prepared {
  /** The ARNs that the request names, as IAM sees them; `*` where the action knows no resources. */
  readonly resources: readonly string[];
  /** @throws {AwsError} to refuse */
  readonly run: () => JsonObject | Promise<JsonObject>;
}

/**
 * One API action: the request's members in, the response's members out, both in the shape of the AWS API model (member names
 * as AWS spells them; blobs are Uint8Array; timestamps are epoch seconds, in EC2, IAM, SNS and STS ISO 8601 text). The same
 * action serves HTTP and calls in this process. `kit/action.ts` makes them.
 */
export interface Action {
  readonly evidence: Evidence;
  /** It waits for something to happen: the manual clock may move on meanwhile. */
  readonly longPoll: boolean;
  /** Reads the members. @throws {AwsError} in the service's words for a malformed request */
  prepare(input: JsonObject, caller: Caller): Prepared;
}

/** What authorization asks a service about one of its resources, by ARN. What a service leaves out, its resources do not have. */
export interface ResourceFacts {
  /** The policy of the resource itself, as JSON text. */
  policyOf?(arn: string): string | undefined;
  tagsOf?(arn: string): ReadonlyMap<string, string> | undefined;
  /** Of a KMS key, the names of its aliases. */
  aliasesOf?(arn: string): readonly string[];
}

export interface Service {
  readonly id: ServiceId;
  readonly resourceFacts?: ResourceFacts;
  /** By the action's name as AWS spells it, e.g. `StartExecution`. */
  readonly actions: Readonly<Record<string, Action>>;
  /**
   * Plain HTTP under `/_aws/<name>/...`, for what is no API action (an API's invoke URL, a confirmation link), by name; `rest`
   * is the part of the request's path that follows the name.
   */
  readonly handlers?: Readonly<
    Record<string, (request: HttpRequest, rest: string) => HttpAnswer | Promise<HttpAnswer>>
  >;
  /**
   * Of a JSON service that spoke the Query protocol before: the codes that errors had there, by the codes of today; those left
   * out are the same in both. Every refusal carries both. [documented: Smithy 2.0, "AWS Query compatible"]
   */
  readonly queryCodes?: Readonly<Record<string, string>>;
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
export interface World extends Place {
  readonly clock: Clock;
  /** Work in flight. The manual clock stands still while there is any. */
  readonly activity: Activity;
  /** Who may sign requests: long-term keys and the temporary ones of roles, functions and hosts. */
  readonly credentials: Credentials;
  /** Who looks on: every call and every published event passes here. */
  readonly observers: Observers;
  /** How many of what is over are kept whole, of each kind: closed executions, ended commands, mails. */
  readonly retain: number;
  /** There where it is to be as unkind as AWS. */
  readonly unkindness?: Unkindness | undefined;
  /** A folder of this run's own, removed on close: function code, host folders. */
  readonly folder: string;
  uuid(): string;
  /** 0 <= random() < 1 */
  random(): number;
  /** The base address that clients use, e.g. `http://127.0.0.1:4577`. Before listening it has no port yet. */
  endpoint(): string;
  /** Puts an event on the default bus, without waiting for its targets. */
  publish(event: ServiceEvent): void;
  /** Whether IAM lets somebody do what no call does, such as a function that prints. Everything where IAM is off. */
  isAllowed(call: Call): boolean;
  /** The one way to act, for requests over HTTP and for services on each other. @throws {AwsError} */
  call(caller: Caller, action: ActionName, input: JsonObject): Promise<JsonObject>;
}
