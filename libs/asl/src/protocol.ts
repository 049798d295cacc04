/**
 * The types that an execution and its driver exchange.
 *
 * The engine does no I/O and has no clock. `execution.handle(input, now)` changes the execution, appends to its history and returns
 * effects. The driver carries them out and sends the results as inputs with the same task, timer or evaluation number.
 */

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Millis = number;
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Identifies an attempt of a task within its execution. Each retry has a new number. */
export type TaskNumber = number;
export type TimerNumber = number;
export type EvaluationNumber = number;

/** A Task state's Resource, parsed. */
export type TaskResource =
  | { readonly kind: 'lambda'; readonly functionArn: string }
  | { readonly kind: 'activity'; readonly activityArn: string }
  | {
      readonly kind: 'integration';
      /** E.g. `sqs`, `lambda`, `states` or `aws-sdk:sfn`. The history shows it as `resourceType`. */
      readonly service: string;
      /** E.g. `sendMessage`, without the suffix of the pattern. */
      readonly action: string;
      readonly pattern: 'requestResponse' | 'sync' | 'sync:2' | 'waitForTaskToken';
    };

/** What the driver must do. */
export type Effect =
  /** Call the resource. `token` is the task token of a waiting task; it is valid until `abandonTask` or the task's end. */
  | {
      readonly type: 'callTask';
      readonly task: TaskNumber;
      /** The state's name. */
      readonly state: string;
      readonly resource: TaskResource;
      /** The evaluated arguments, as JSON text. */
      readonly parameters: string;
      readonly region?: string;
      readonly credentials?: Json;
      readonly token?: string;
    }
  /** The attempt ended without its worker: it timed out, or its branch or execution ended. Its token is invalid from now on. */
  | { readonly type: 'abandonTask'; readonly task: TaskNumber }
  | { readonly type: 'startTimer'; readonly timer: TimerNumber; readonly at: Millis }
  | { readonly type: 'cancelTimer'; readonly timer: TimerNumber }
  /** Run `evaluate()`, which is asynchronous, and send `evaluated` or `evaluationFailed`. */
  | { readonly type: 'evaluate'; readonly evaluation: EvaluationNumber; readonly evaluate: () => Promise<unknown> }
  /** The execution has ended. Its status, output, error and cause are properties of the Execution. Always the last effect. */
  | { readonly type: 'ended' };

/** What the driver tells an execution. */
export type Input =
  | { readonly type: 'start' }
  /** An activity worker took the task. Calls of functions and integrations start at once; the engine records that itself. */
  | { readonly type: 'taskStarted'; readonly task: TaskNumber; readonly workerName?: string }
  /** The call of a waiting task was accepted. `output` is the service's response, as JSON text. */
  | { readonly type: 'taskSubmitted'; readonly task: TaskNumber; readonly output: string }
  | { readonly type: 'taskSucceeded'; readonly task: TaskNumber; readonly output: string }
  | { readonly type: 'taskFailed'; readonly task: TaskNumber; readonly error?: string; readonly cause?: string }
  | { readonly type: 'taskHeartbeat'; readonly task: TaskNumber }
  | { readonly type: 'timerFired'; readonly timer: TimerNumber }
  | { readonly type: 'evaluated'; readonly evaluation: EvaluationNumber; readonly value: unknown }
  | { readonly type: 'evaluationFailed'; readonly evaluation: EvaluationNumber; readonly error: unknown }
  | { readonly type: 'stop'; readonly error?: string; readonly cause?: string };

/** An event of GetExecutionHistory, in the shape of the API model, with its `timestamp` in milliseconds. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly timestamp: Millis;
  readonly type: string;
  /** `<type>EventDetails`, e.g. `taskScheduledEventDetails`, for types that have details. */
  readonly [details: `${string}EventDetails`]: Readonly<Record<string, unknown>> | undefined;
}

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'PENDING_REDRIVE';

/** What the engine takes from outside: randomness, hashes, tokens. */
export interface EnginePorts {
  /** Returns a random UUID (States.UUID, $uuid, names of child executions). */
  uuid(): string;
  /** Returns a number from 0 up to but not including 1 (jitter, States.MathRandom and $random without a seed). */
  random(): number;
  /** Returns the digest of UTF-8 text, in lower-case hex. */
  hash(algorithm: 'MD5' | 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512', text: string): string;
  /** A new task token for an attempt: the execution of `identity` waits for `resource`. */
  mintToken(
    task: TaskNumber,
    holder: { readonly resource: TaskResource; readonly identity: ExecutionIdentity },
  ): string;
  /** Returns whether an activity exists. Without this function, every activity does. */
  activityExists?(activityArn: string): boolean;
}

/** The names and times of an execution that the context object ($$ and $states.context) shows. */
export interface ExecutionIdentity {
  readonly executionArn: string;
  readonly name: string;
  readonly roleArn: string;
  readonly startTime: Millis;
  readonly redriveCount: number;
  readonly redriveTime?: Millis;
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  readonly region: string;
}
