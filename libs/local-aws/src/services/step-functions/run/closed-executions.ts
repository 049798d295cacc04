import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Execution, HistoryEvent } from '@baton/asl';
import type { Clock, Millis } from '../../../kernel/clock/clock.ts';
import type { ExecutionRecord } from './execution-record.ts';
import { whenIdle } from './when-idle.ts';

/** AWS forgets an execution 90 days after its end. [documented: Step Functions quotas] */
const NINETY_DAYS: Millis = 90 * 24 * 3_600_000;

/** So many times as many are kept compact as are kept whole. */
const COMPACT_FOR_EACH_WHOLE = 100;
/** So many times as many may wait for their compression, which takes longer than an execution does. */
const WAITING_FOR_EACH_WHOLE = 4;
/** About two milliseconds. */
const COMPRESSED_AT_ONCE = 50;

/**
 * The closed executions that are remembered. On AWS their age alone decides; here their number does too, because they lie in memory.
 *
 * 1. The latest `retain` are whole: they can be redriven.
 * 2. Older ones are compact: they can be described, listed, and their history read, and not redriven. Their histories are compressed
 *    when there is little else to do, and at once where too many wait for it.
 * 3. What is older than 90 days, or than the latest 100 times `retain`, is forgotten, and its name free again.
 */
export class ClosedExecutions {
  readonly #clock: Clock;
  readonly #retain: number;
  readonly #forget: (record: ExecutionRecord) => void;
  /** In the order of their ends. */
  readonly #whole = new Set<ExecutionRecord>();
  readonly #compact = new Set<ExecutionRecord>();
  readonly #uncompressed = new Set<CompactExecution>();
  readonly #whenIdle: typeof whenIdle;

  constructor(clock: Clock, retain: number, forget: (record: ExecutionRecord) => void, idle = whenIdle) {
    this.#clock = clock;
    this.#retain = retain;
    this.#forget = forget;
    this.#whenIdle = idle;
  }

  add(record: ExecutionRecord): void {
    this.#whole.add(record);
    for (const oldest of this.#whole) {
      if (this.#whole.size <= this.#retain) break;
      this.#whole.delete(oldest);
      this.#compact.add(oldest);
      this.#makeCompact(oldest);
    }
    for (const oldest of this.#compact) {
      if (this.#compact.size <= this.#retain * COMPACT_FOR_EACH_WHOLE) break;
      this.#drop(oldest);
    }
    this.forgetOld();
  }

  /** How many histories wait for their compression. */
  get uncompressed(): number {
    return this.#uncompressed.size;
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

  /** Map Runs are described by the executions that ran them, which therefore stay as they are. */
  #makeCompact(record: ExecutionRecord): void {
    if (record.execution.mapRuns.length > 0) return;
    const compact = new CompactExecution(record.execution);
    record.execution = compact;
    record.live = undefined;
    this.#uncompressed.add(compact);
    if (this.#uncompressed.size > this.#retain * WAITING_FOR_EACH_WHOLE) this.#compress(1);
    else if (this.#uncompressed.size === 1) this.#whenIdle(() => this.#compress(COMPRESSED_AT_ONCE));
  }

  /** Returns whether more are left. */
  #compress(count: number): boolean {
    let left = count;
    for (const oldest of this.#uncompressed) {
      if (left-- === 0) break;
      oldest.compress();
      this.#uncompressed.delete(oldest);
    }
    return this.#uncompressed.size > 0;
  }

  #drop(record: ExecutionRecord): void {
    if (record.execution instanceof CompactExecution) this.#uncompressed.delete(record.execution);
    this.#compact.delete(record);
    this.#whole.delete(record);
    this.#forget(record);
  }
}

/** What is left of a closed execution: its end, and its history; compressed, that takes about a tenth of what the events do. */
class CompactExecution implements Pick<Execution, 'status' | 'output' | 'error' | 'cause' | 'stopDate'> {
  readonly status: Execution['status'];
  readonly output: string | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly stopDate: Millis | undefined;
  readonly mapRuns = NONE;
  readonly isRedrivable = false;
  /** Compressed it is JSON, one character a byte: a small Buffer is larger than a string. */
  #history: readonly HistoryEvent[] | string;

  constructor({ status, output, error, cause, stopDate, history }: ExecutionRecord['execution']) {
    this.status = status;
    this.output = output;
    this.error = error;
    this.cause = cause;
    this.stopDate = stopDate;
    this.#history = history;
  }

  compress(): void {
    if (typeof this.#history === 'string') return;
    this.#history = deflateRawSync(JSON.stringify(this.#history), { level: 1 }).toString('latin1');
  }

  get history(): readonly HistoryEvent[] {
    if (typeof this.#history !== 'string') return this.#history;
    return JSON.parse(inflateRawSync(Buffer.from(this.#history, 'latin1')).toString('utf8')) as HistoryEvent[];
  }
}

const NONE: Execution['mapRuns'] = [];
