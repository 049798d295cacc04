import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Execution, HistoryEvent } from '@baton/asl';
import type { Clock, Millis } from '../../../kernel/clock/clock.ts';
import type { ExecutionRecord } from './execution-record.ts';

/** AWS forgets an execution 90 days after its end. [documented: Step Functions quotas] */
const NINETY_DAYS: Millis = 90 * 24 * 3_600_000;

/** So many times as many are kept compact as are kept whole. */
const COMPACT_FOR_EACH_WHOLE = 100;

/**
 * The closed executions that are remembered. On AWS their age alone decides; here their number does too, because they lie in memory.
 *
 * 1. The latest `retain` are whole: they can be redriven.
 * 2. Older ones are compact: they can be described, listed, and their history read, and not redriven.
 * 3. What is older than 90 days, or than the latest 100 times `retain`, is forgotten, and its name free again.
 */
export class ClosedExecutions {
  readonly #clock: Clock;
  readonly #retain: number;
  readonly #forget: (record: ExecutionRecord) => void;
  /** In the order of their ends. */
  readonly #whole = new Set<ExecutionRecord>();
  readonly #compact = new Set<ExecutionRecord>();

  constructor(clock: Clock, retain: number, forget: (record: ExecutionRecord) => void) {
    this.#clock = clock;
    this.#retain = retain;
    this.#forget = forget;
  }

  add(record: ExecutionRecord): void {
    this.#whole.add(record);
    for (const oldest of this.#whole) {
      if (this.#whole.size <= this.#retain) break;
      this.#whole.delete(oldest);
      this.#compact.add(oldest);
      compact(oldest);
    }
    for (const oldest of this.#compact) {
      if (this.#compact.size <= this.#retain * COMPACT_FOR_EACH_WHOLE) break;
      this.#drop(oldest);
    }
    this.forgetOld();
  }

  /** It runs again. */
  reopen(record: ExecutionRecord): void {
    this.#whole.delete(record);
  }

  forgetOld(): void {
    const before = this.#clock.now() - NINETY_DAYS;
    for (const kept of [this.#compact, this.#whole]) {
      for (const record of kept) {
        if ((record.execution.stopDate ?? Infinity) >= before) break;
        this.#drop(record);
      }
    }
  }

  #drop(record: ExecutionRecord): void {
    this.#compact.delete(record);
    this.#whole.delete(record);
    this.#forget(record);
  }
}

/** Map Runs are described by the executions that ran them, which therefore stay as they are. */
function compact(record: ExecutionRecord): void {
  if (record.execution.mapRuns.length > 0) return;
  record.execution = new CompactExecution(record.execution);
  record.live = undefined;
}

/** What is left of a closed execution: its end, and its history as compressed JSON, about a tenth of what the events take. */
class CompactExecution implements Pick<Execution, 'status' | 'output' | 'error' | 'cause' | 'stopDate'> {
  readonly status: Execution['status'];
  readonly output: string | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly stopDate: Millis | undefined;
  readonly mapRuns = NONE;
  readonly isRedrivable = false;
  /** One character a byte: a small Buffer is larger than a string. */
  readonly #history: string;

  constructor({ status, output, error, cause, stopDate, history }: ExecutionRecord['execution']) {
    this.status = status;
    this.output = output;
    this.error = error;
    this.cause = cause;
    this.stopDate = stopDate;
    this.#history = deflateRawSync(JSON.stringify(history), { level: 1 }).toString('latin1');
  }

  get history(): readonly HistoryEvent[] {
    return JSON.parse(inflateRawSync(Buffer.from(this.#history, 'latin1')).toString('utf8')) as HistoryEvent[];
  }
}

const NONE: Execution['mapRuns'] = [];
