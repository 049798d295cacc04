import { createExecution, type EnginePorts, type MapRun } from '@baton/asl';
import type { World } from '../../../kernel/service.ts';
import { readArn, statesArn } from '../arn.ts';
import type { ExecutionRecord } from './execution-record.ts';
import { childrenOf, type ExecutionView } from './map-run-children.ts';
import { executionDoesNotExist, resourceNotFound } from '../refusals.ts';
import { SmallMap } from './small-map.ts';
import { publishStatusChange } from './status-change.ts';
import type { Target } from './state-machine-store.ts';

export interface StartRequest {
  readonly target: Target;
  readonly name: string;
  readonly input: string;
  readonly traceHeader: string | undefined;
}

export interface ExecutionStore {
  readonly byArn: Map<string, ExecutionRecord>;
  /** @throws {AwsError} InvalidArn, ExecutionDoesNotExist */
  find(arn: string): ExecutionRecord;
  /** The same for children of Map Runs too, which can be looked at, but not stopped. */
  look(arn: string): ExecutionView;
  /** @throws {AwsError} InvalidArn, ResourceNotFound */
  findMapRun(arn: string): { record: ExecutionRecord; run: MapRun };
  /** Makes the record of a new execution. The driver gives it its first input. */
  create(request: StartRequest): ExecutionRecord;
  /** The driver says so, once. */
  readonly ended: (record: ExecutionRecord) => void;
  /** Resolves when the execution has ended. @throws {AwsError} ExecutionDoesNotExist */
  readonly whenEnded: (arn: string) => Promise<void>;
}

export function createExecutionStore(world: World, ports: EnginePorts): ExecutionStore {
  const byArn = new Map<string, ExecutionRecord>();

  const find = (arn: string): ExecutionRecord => {
    const record = byArn.get(readArn(arn, 'execution', 'express').text);
    if (record === undefined) throw executionDoesNotExist(arn);
    return record;
  };

  /** Children have a `/` in their machine's name. They are few and seldom asked for: a scan finds them. */
  const look = (arn: string): ExecutionView => {
    if (!readArn(arn, 'execution', 'express').name.includes('/')) return find(arn);
    for (const record of byArn.values()) {
      for (const run of record.execution.mapRuns) {
        const child = childrenOf(record, run).find((candidate) => candidate.arn === arn);
        if (child) return child;
      }
    }
    throw executionDoesNotExist(arn);
  };

  const findMapRun = (arn: string): { record: ExecutionRecord; run: MapRun } => {
    readArn(arn, 'mapRun');
    for (const record of byArn.values()) {
      const run = record.execution.mapRuns.find((candidate) => candidate.arn === arn);
      if (run) return { record, run };
    }
    throw resourceNotFound(arn);
  };

  return {
    byArn,
    find,
    look,
    findMapRun,
    create({ target, input, traceHeader, ...request }) {
      const { machine, revision, version, alias } = target;
      const isExpress = machine.type === 'EXPRESS';
      const arn = isExpress
        ? statesArn(world, 'express', machine.name, request.name, world.uuid())
        : statesArn(world, 'execution', machine.name, request.name);
      // A slice of the ARN shares its memory; a generated name would stay the chain of pieces that it was made from.
      const name = isExpress ? request.name : arn.slice(-request.name.length);
      const startDate = world.clock.now();
      const identity = {
        executionArn: arn,
        name,
        roleArn: revision.roleArn,
        startTime: startDate,
        redriveCount: 0,
        stateMachineArn: machine.arn,
        stateMachineName: machine.name,
        region: world.region,
      };
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
        execution: createExecution({ machine: revision.machine, input, identity, ports }),
        identity,
        attempts: new SmallMap(),
        timers: new SmallMap(),
        redrive: undefined,
        followers: undefined,
      };
      byArn.set(arn, record);
      if (!isExpress) machine.executions.push(record);
      publishStatusChange(world, record, 'RUNNING');
      return record;
    },
    ended(record) {
      publishStatusChange(world, record, record.execution.status);
      const followers = record.followers;
      record.followers = undefined;
      for (const follow of followers ?? []) follow();
    },
    whenEnded: async (arn) => {
      const record = find(arn);
      if (record.execution.status !== 'RUNNING') return;
      await new Promise<void>((resolve) => (record.followers ??= new Set()).add(resolve));
    },
  };
}
