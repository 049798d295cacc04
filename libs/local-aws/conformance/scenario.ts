import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, JsonObject, LocalAws, ManualClock } from '../src/index.ts';

/** One row of `index.json`. */
export interface ScenarioRow {
  readonly path: string;
  readonly name: string;
}

export interface Resource {
  readonly type: string;
  readonly id: string;
  readonly [member: string]: unknown;
}

export interface Step {
  readonly op: string;
  readonly id?: string;
  /** Whether the step belongs to a worker, which runs beside the executions. */
  readonly worker?: boolean;
  readonly [member: string]: unknown;
}

/** How an execution ended on AWS. */
export interface ExpectedExecution {
  readonly execution: string;
  readonly final: { readonly status: string; readonly [member: string]: Json };
  readonly events?: readonly RecordedEvent[];
}

export interface RecordedEvent {
  readonly type: string;
  readonly [member: string]: Json;
}

/** What was sent to AWS, and what AWS returned. A README beside the recordings describes the format. */
export interface Scenario {
  readonly name: string;
  readonly kind: 'execution' | 'apiError';
  readonly longestSeconds: number;
  readonly resources: readonly Resource[];
  readonly steps: readonly Step[];
  readonly expect: readonly JsonObject[];
  /** The types of events that the recorder left out. */
  readonly recorderDrops?: readonly string[];
}

export const readIndex = (folder: string): ScenarioRow[] => readJson(join(folder, 'index.json')) as ScenarioRow[];

/** The role of every state machine. */
export const ROLE = 'arn:aws:iam::123456789012:role/conformance';
/** Its name in the recordings. */
const RECORDED_ROLE = /\bsnf_role_arn\b/g;

export function readScenario(folder: string, row: ScenarioRow): Scenario {
  return readJson(join(folder, row.path), (text) => text.replace(RECORDED_ROLE, ROLE)) as Scenario;
}

const readJson = (path: string, prepare = (text: string) => text): unknown =>
  JSON.parse(prepare(readFileSync(path, 'utf8')));

/** The local AWS that a scenario runs on. */
export type Stage = LocalAws<ManualClock>;

/** The values of a scenario's placeholders (`{{id.attribute}}`) in this run. */
export type Values = Map<string, unknown>;

/** Returns a value with every placeholder replaced. A string that is only a placeholder becomes whatever its value is. */
export function resolve(value: unknown, values: Values): unknown {
  if (typeof value === 'string') {
    const whole = values.get(value);
    if (values.has(value) && typeof whole !== 'string') return whole;
    return value.replace(/\{\{[^}]+\}\}/g, (placeholder) => (values.get(placeholder) ?? placeholder) as string);
  }
  if (Array.isArray(value)) return value.map((element) => resolve(element, values));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, member]) => [resolve(name, values), resolve(member, values)]);
  return Object.fromEntries(entries) as unknown;
}

/** Returns JSON as Python writes it, and so the recorded client: with spaces after `,` and `:`, in ASCII. Some errors quote it. */
export function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([name, member]) => `${pythonJson(name)}: ${pythonJson(member)}`);
    return `{${members.join(', ')}}`;
  }
  return JSON.stringify(value ?? null).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
