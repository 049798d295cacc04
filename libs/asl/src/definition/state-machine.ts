import type { Expression } from '../data/expression.ts';
import type { JsonPath } from '../data/json-path.ts';
import type { JsonataExpression, JsonataTemplate } from '../data/jsonata-template.ts';
import type { PayloadTemplate } from '../data/payload-template.ts';
import type { ReferencePath } from '../data/reference-path.ts';
import type { Json, TaskResource } from '../protocol.ts';

/** A parsed definition. All executions share it: its paths, templates and expressions are parsed once. */
export interface StateMachine {
  readonly flow: Flow;
  readonly timeoutSeconds: number | undefined;
}

/** States and the one to start with: a whole machine, a branch of a Parallel or the processor of a Map. */
export interface Flow {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

export type State =
  TaskState | PassState | WaitState | ChoiceState | SucceedState | FailState | ParallelState | MapState;

interface NamedState {
  readonly name: string;
  readonly data: DataFields;
}

/** The fields by which data enters and leaves a state, in either query language. */
export type DataFields = JsonPathFields | JsonataFields;

export interface JsonPathFields {
  readonly language: 'JSONPath';
  /** null: the state gets an empty object as its input. */
  readonly inputPath: JsonPath | null | undefined;
  readonly parameters: PayloadTemplate | undefined;
  readonly resultSelector: PayloadTemplate | undefined;
  /** null: the result is discarded. */
  readonly resultPath: ReferencePath | null;
  readonly outputPath: JsonPath | null | undefined;
  readonly assign: PayloadTemplate | undefined;
}

export interface JsonataFields {
  readonly language: 'JSONata';
  readonly arguments: JsonataTemplate | undefined;
  readonly output: JsonataTemplate | undefined;
  readonly assign: JsonataTemplate | undefined;
}

/** The next state; undefined when the flow ends here. */
type Next = string | undefined;

/** A field that is a constant, a path (given as `<field>Path`) or a JSONata expression. */
export type Dynamic<T> =
  | { readonly kind: 'constant'; readonly value: T }
  | { readonly kind: 'path'; readonly field: string; readonly expression: Expression; readonly text: string }
  | { readonly kind: 'jsonata'; readonly field: string; readonly expression: JsonataExpression };

export interface Handlers {
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

export interface Retrier {
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds: number | undefined;
  readonly jitter: boolean;
}

export interface Catcher {
  readonly errorEquals: readonly string[];
  readonly next: string;
  readonly resultPath: ReferencePath | null;
  readonly output: JsonataTemplate | undefined;
  readonly assign: PayloadTemplate | JsonataTemplate | undefined;
}

export interface TaskState extends NamedState, Handlers {
  readonly type: 'Task';
  readonly next: Next;
  readonly resource: TaskResource;
  /** What the history shows as the resource: of an integration its last part, e.g. `sendMessage.waitForTaskToken`. */
  readonly resourceText: string;
  readonly timeoutSeconds: Dynamic<number> | undefined;
  readonly heartbeatSeconds: Dynamic<number> | undefined;
  readonly credentials: PayloadTemplate | JsonataTemplate | undefined;
}

export interface PassState extends NamedState {
  readonly type: 'Pass';
  readonly next: Next;
  readonly result: Json | undefined;
}

export interface WaitState extends NamedState {
  readonly type: 'Wait';
  readonly next: Next;
  readonly until:
    | { readonly kind: 'seconds'; readonly seconds: Dynamic<number> }
    | { readonly kind: 'timestamp'; readonly timestamp: Dynamic<string> };
}

export interface ChoiceState extends NamedState {
  readonly type: 'Choice';
  readonly rules: readonly ChoiceRule[];
  readonly otherwise: string | undefined;
}

export interface ChoiceRule {
  readonly condition: Condition;
  readonly next: string;
  readonly output: JsonataTemplate | undefined;
  readonly assign: PayloadTemplate | JsonataTemplate | undefined;
}

/** When a Choice rule applies. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'compare'; readonly variable: JsonPath; readonly operator: string; readonly operand: Operand }
  | { readonly kind: 'jsonata'; readonly expression: JsonataExpression; readonly field: string };

export type Operand =
  { readonly kind: 'constant'; readonly value: Json } | { readonly kind: 'path'; readonly path: JsonPath };

export interface SucceedState extends NamedState {
  readonly type: 'Succeed';
}

export interface FailState extends NamedState {
  readonly type: 'Fail';
  readonly error: Dynamic<string> | undefined;
  readonly cause: Dynamic<string> | undefined;
}

export interface ParallelState extends NamedState, Handlers {
  readonly type: 'Parallel';
  readonly next: Next;
  readonly branches: readonly Flow[];
}

export interface MapState extends NamedState, Handlers {
  readonly type: 'Map';
  readonly next: Next;
  readonly processor: Flow;
  readonly mode: MapMode;
  readonly items: Items;
  readonly itemSelector: PayloadTemplate | JsonataTemplate | undefined;
  readonly maxConcurrency: Dynamic<number>;
}

export type Items =
  | { readonly kind: 'path'; readonly path: JsonPath }
  | { readonly kind: 'jsonata'; readonly template: JsonataTemplate }
  /** The state's own input. */
  | { readonly kind: 'input' };

export type MapMode = { readonly kind: 'INLINE' } | DistributedMode;

export interface DistributedMode {
  readonly kind: 'DISTRIBUTED';
  readonly label: string | undefined;
  /** The field of the definition that would need S3, which the engine does not support. */
  readonly unsupported: 'ItemReader' | 'ResultWriter' | undefined;
  readonly batcher: Batcher | undefined;
  readonly toleratedFailureCount: Dynamic<number> | undefined;
  readonly toleratedFailurePercentage: Dynamic<number> | undefined;
}

export interface Batcher {
  readonly maxItems: Dynamic<number> | undefined;
  readonly maxBytes: Dynamic<number> | undefined;
  readonly batchInput: PayloadTemplate | JsonataTemplate | undefined;
}
