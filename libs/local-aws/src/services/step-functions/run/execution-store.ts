import { createExecution, type EnginePorts, type MapRun } from '@baton/asl';
import type { World } from '../../../kernel/service.ts';
import { readArn, statesArn } from '../arn.ts';
import { ClosedExecutions } from './closed-executions.ts';
import type { ExecutionRecord } from './execution-record.ts';
import { childrenOf, type ExecutionView } from './map-run-children.ts';
import { executionDoesNotExist, resourceNotFound } from '../refusals.ts';
import { SmallMap } from './small-map.ts';
import { publishStatusChange } from './status-change.ts';
import type { StateMachine, Target } from './state-machine-store.ts';

export interface StartRequest {
  readonly target: Target;
  readonly name: string;
  readonly input: string;
  readonly traceHeader: string | undefined;
}

/** All executions, by ARN and by state machine. */
export class ExecutionStore {
  readonly byArn = new Map<string, ExecutionRecord>();
  readonly #byMachine = new WeakMap<StateMachine, Set<ExecutionRecord>>();
  readonly #closed: ClosedExecutions;
  readonly #world: World;
  readonly #ports: EnginePorts;

  constructor(world: World, ports: EnginePorts) {
    this.#world = world;
    this.#ports = ports;
    this.#closed = new ClosedExecutions(world.clock, world.retain, (record) => this.#forget(record));
  }

  known(arn: string): ExecutionRecord | undefined {
    this.#closed.forgetOld();
    return this.byArn.get(arn);
  }

  /** @throws {AwsError} InvalidArn, ExecutionDoesNotExist */
  find(arn: string): ExecutionRecord {
    const record = this.known(readArn(arn, 'execution', 'express').text);
    if (record === undefined) throw executionDoesNotExist(arn);
    return record;
  }

  /**
   * Finds children of Map Runs too, which can be described but not stopped. A `/` in the machine's name tells them. They are few
   * and seldom asked for, so they are found by a scan.
   * @throws {AwsError} InvalidArn, ExecutionDoesNotExist
   */
  look(arn: string): ExecutionView {
    if (!readArn(arn, 'execution', 'express').name.includes('/')) return this.find(arn);
    for (const record of this.byArn.values()) {
      for (const run of record.execution.mapRuns) {
        const child = childrenOf(record, run).find((candidate) => candidate.arn === arn);
        if (child) return child;
      }
    }
    throw executionDoesNotExist(arn);
  }

  /** Standard executions of a machine, oldest first. */
  of(machine: StateMachine): readonly ExecutionRecord[] {
    this.#closed.forgetOld();
    return [...(this.#byMachine.get(machine) ?? [])];
  }

  /** @throws {AwsError} InvalidArn, ResourceNotFound */
  findMapRun(arn: string): { record: ExecutionRecord; run: MapRun } {
    readArn(arn, 'mapRun');
    for (const record of this.byArn.values()) {
      const run = record.execution.mapRuns.find((candidate) => candidate.arn === arn);
      if (run) return { record, run };
    }
    throw resourceNotFound(arn);
  }

  /** Creates the record of an execution. The driver then feeds it its first input. */
  create({ target, input, traceHeader, name: requested }: StartRequest): ExecutionRecord {
    const { machine, revision, version, alias } = target;
    const isExpress = machine.type === 'EXPRESS';
    const arn = isExpress
      ? statesArn(this.#world, 'express', machine.name, requested, this.#world.uuid())
      : statesArn(this.#world, 'execution', machine.name, requested);
    // A slice of the ARN shares its memory; a generated name would keep the pieces that V8 joined it from.
    const name = isExpress ? requested : arn.slice(-requested.length);
    const startDate = this.#world.clock.now();
    const identity = {
      executionArn: arn,
      name,
      roleArn: revision.roleArn,
      startTime: startDate,
      redriveCount: 0,
      stateMachineArn: machine.arn,
      stateMachineName: machine.name,
      region: this.#world.region,
    };
    const execution = createExecution({ machine: revision.machine, input, identity, ports: this.#ports });
    const record: ExecutionRecord = {
      arn,
      name,
      machine,
      revision,
      versionArn: version?.arn,
      aliasArn: alias?.arn,
      input,
      startDate,
      traceHeader,
      execution,
      live: execution,
      identity,
      attempts: new SmallMap(),
      timers: new SmallMap(),
      redrive: undefined,
      followers: undefined,
    };
    this.byArn.set(arn, record);
    if (!isExpress) this.#add(machine, record);
    publishStatusChange(this.#world, record, 'RUNNING');
    return record;
  }

  #add(machine: StateMachine, record: ExecutionRecord): void {
    const own = this.#byMachine.get(machine);
    if (own) own.add(record);
    else this.#byMachine.set(machine, new Set([record]));
  }

  #forget(record: ExecutionRecord): void {
    this.byArn.delete(record.arn);
    this.#byMachine.get(record.machine)?.delete(record);
  }

  /** Called before an execution is redriven. */
  reopen(record: ExecutionRecord): void {
    this.#closed.reopen(record);
  }

  /** Called by the driver once per end: publishes the status and wakes who waits for it. */
  ended(record: ExecutionRecord): void {
    publishStatusChange(this.#world, record, record.execution.status);
    const followers = record.followers;
    record.followers = undefined;
    for (const follow of followers ?? []) follow();
    this.#closed.add(record);
  }

  /** Resolves when the execution has ended. @throws {AwsError} InvalidArn, ExecutionDoesNotExist */
  async whenEnded(arn: string): Promise<void> {
    const record = this.find(arn);
    if (record.execution.status !== 'RUNNING') return;
    await new Promise<void>((resolve) => (record.followers ??= new Set()).add(resolve));
  }
}
