import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, JsonObject } from '../src/index.ts';

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
  /** Runs beside the executions. */
  readonly worker?: boolean;
  readonly [member: string]: unknown;
}

/** What an execution must have become. */
export interface ExpectedExecution {
  readonly execution: string;
  readonly final: { readonly status: string; readonly [member: string]: Json };
  readonly events?: readonly RecordedEvent[];
}

export interface RecordedEvent {
  readonly type: string;
  readonly [member: string]: Json;
}

/** What was sent to AWS and what AWS answered. The format is described beside the recordings. */
export interface Scenario {
  readonly name: string;
  readonly kind: 'execution' | 'apiError';
  readonly features: readonly string[];
  readonly longestSeconds: number;
  readonly resources: readonly Resource[];
  readonly steps: readonly Step[];
  readonly expect: readonly JsonObject[];
  /** Event types that the recording lacks because of its recorder. */
  readonly recorderDrops?: readonly string[];
}

export const readIndex = (folder: string): ScenarioRow[] => readJson(join(folder, 'index.json')) as ScenarioRow[];

/** The role of every machine. */
export const ROLE = 'arn:aws:iam::123456789012:role/conformance';
/** What the recordings call it. */
const RECORDED_ROLE = /\bsnf_role_arn\b/g;

export function readScenario(folder: string, row: ScenarioRow): Scenario {
  return readJson(join(folder, row.path), (text) => text.replace(RECORDED_ROLE, ROLE)) as Scenario;
}

const readJson = (path: string, prepare = (text: string) => text): unknown =>
  JSON.parse(prepare(readFileSync(path, 'utf8')));
