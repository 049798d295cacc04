/**
 * What an execution and the world around it say to each other.
 *
 * The engine has no I/O and no clock: `execution.handle(input, now)` changes the execution, appends to its history and answers with
 * effects. The driver carries them out and comes back with inputs that bear the same task, timer or evaluation number.
 */

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Millis = number;
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Numbers one attempt of one task within its execution; a retry is another task number. */
export type TaskNumber = number;
export type TimerNumber = number;
export type EvaluationNumber = number;

/** What a Task state's Resource means. */
export type TaskResource =
  | { readonly kind: 'lambda'; readonly functionArn: string }
  | { readonly kind: 'activity'; readonly activityArn: string }
  | {
      readonly kind: 'integration';
      /** E.g. `sqs`, `lambda`, `states`, `aws-sdk:sfn`: the resourceType of the history. */
      readonly service: string;
      /** E.g. `sendMessage`, without the pattern. */
      readonly action: string;
      readonly pattern: 'requestResponse' | 'sync' | 'sync:2' | 'waitForTaskToken';
    };

export type Effect =
  /** Call the resource. `token` is there for waiting kinds; it lives until `abandon` or the task's end. */
  | {
      readonly type: 'callTask';
      readonly task: TaskNumber;
      readonly resource: TaskResource;
      /** The evaluated input of the call, as JSON text. */
      readonly parameters: string;
      readonly region?: string;
      readonly credentials?: Json;
      readonly token?: string;
    }
  /** The attempt is over without the worker's doing (timed out, branch aborted, execution ended): its token is dead. */
  | { readonly type: 'abandonTask'; readonly task: TaskNumber }
  | { readonly type: 'startTimer'; readonly timer: TimerNumber; readonly at: Millis }
  | { readonly type: 'cancelTimer'; readonly timer: TimerNumber }
  /** JSONata's evaluator is asynchronous: run `evaluate()` and answer with `evaluated`. */
  | { readonly type: 'evaluate'; readonly evaluation: EvaluationNumber; readonly evaluate: () => Promise<unknown> }
  /** The execution has ended; its status, output, error and cause stand on it. Always the last effect. */
  | { readonly type: 'ended' };

export type Input =
  | { readonly type: 'start' }
  /** An activity worker took the task. (Lambda and integrations start when called; the engine writes that itself.) */
  | { readonly type: 'taskStarted'; readonly task: TaskNumber; readonly workerName?: string }
  /** The call of a waiting kind was accepted: `output` is the called service's answer, as JSON text. */
  | { readonly type: 'taskSubmitted'; readonly task: TaskNumber; readonly output: string }
  | { readonly type: 'taskSucceeded'; readonly task: TaskNumber; readonly output: string }
  | { readonly type: 'taskFailed'; readonly task: TaskNumber; readonly error?: string; readonly cause?: string }
  | { readonly type: 'taskHeartbeat'; readonly task: TaskNumber }
  | { readonly type: 'timerFired'; readonly timer: TimerNumber }
  | { readonly type: 'evaluated'; readonly evaluation: EvaluationNumber; readonly value: unknown }
  | { readonly type: 'evaluationFailed'; readonly evaluation: EvaluationNumber; readonly error: unknown }
  | { readonly type: 'stop'; readonly error?: string; readonly cause?: string };

/** One event of GetExecutionHistory, in the shape of the AWS API model; `timestamp` in milliseconds. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly timestamp: Millis;
  readonly type: string;
  /** `<type>EventDetails`, e.g. `taskScheduledEventDetails`, where the type has details. */
  readonly [details: `${string}EventDetails`]: Readonly<Record<string, unknown>> | undefined;
}

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'PENDING_REDRIVE';

/** Chance and secrets come in by this port. */
export interface EnginePorts {
  /** A random UUID (States.UUID, $uuid). */
  uuid(): string;
  /** 0 <= random() < 1 (jitter, States.MathRandom without a seed). */
  random(): number;
  /** Lower-case hex digest of UTF-8 text. */
  hash(algorithm: 'MD5' | 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512', text: string): string;
  /** A new task token for an attempt of a waiting task. */
  mintToken(task: TaskNumber): string;
  /** Whether an activity is there when a task for it is scheduled; without this every activity is. */
  activityExists?(activityArn: string): boolean;
}

/** Who an execution is: what the context object ($$ and $states.context) shows. */
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
