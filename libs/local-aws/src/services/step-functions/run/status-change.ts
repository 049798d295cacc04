import type { ExecutionStatus } from '@baton/asl';
import type { JsonObject, World } from '../../../kernel/service.ts';
import type { ExecutionRecord } from './execution-record.ts';
import { redriveStatus } from './redrive-status.ts';

/** An event has at most 256 KiB, so AWS leaves larger payloads out. [documented; this exact limit is guessed] */
const MAX_PAYLOAD = 248 * 1024;

/** "Step Functions Execution Status Change", as AWS puts it on the default bus. Dates are milliseconds. Express executions publish none. [documented] */
export function publishStatusChange(world: World, record: ExecutionRecord, status: ExecutionStatus): void {
  if (record.machine.type === 'EXPRESS') return;
  const { status: now, stopDate, output, error, cause } = record.execution;
  // While an execution is being redriven, its record still holds the end of the run before.
  const end = status === now ? { stopDate, output, error, cause } : {};
  world.publish({
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    resources: [record.arn],
    detail: {
      executionArn: record.arn,
      stateMachineArn: record.machine.arn,
      name: record.name,
      status,
      startDate: record.startDate,
      stopDate: end.stopDate ?? null,
      ...payload('input', record.input),
      ...payload('output', end.output),
      error: end.error ?? null,
      cause: end.cause ?? null,
      stateMachineVersionArn: record.versionArn ?? null,
      stateMachineAliasArn: record.aliasArn ?? null,
      redriveCount: record.redrive?.count ?? 0,
      redriveDate: record.redrive?.date ?? null,
      ...redriveStatus(status, record, world.clock.now()),
    },
  });
}

function payload(name: 'input' | 'output', text: string | undefined): JsonObject {
  if (text === undefined) return { [name]: null, [`${name}Details`]: null };
  const included = Buffer.byteLength(text) <= MAX_PAYLOAD;
  return { [name]: included ? text : null, [`${name}Details`]: { included } };
}
