import type { World } from '../service.ts';
import type { ExecutionRecord } from './execution-record.ts';
import { redriveStatus } from './redrive-status.ts';

/** An event has at most 256 KiB: payloads over this are left out, as AWS does. */
const MAX_PAYLOAD = 248 * 1024;

/** "Step Functions Execution Status Change", as AWS puts it on the default bus. Dates are milliseconds. */
export function publishStatusChange(world: World, record: ExecutionRecord): void {
  const { execution } = record;
  const payload = (text: string | undefined) => {
    if (text === undefined) return { value: null, details: null };
    const included = Buffer.byteLength(text) <= MAX_PAYLOAD;
    return { value: included ? text : null, details: { included } };
  };
  const input = payload(record.input);
  const output = payload(execution.output);
  world.publish({
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    resources: [record.arn],
    detail: {
      executionArn: record.arn,
      stateMachineArn: record.machine.arn,
      name: record.name,
      status: execution.status,
      startDate: record.startDate,
      stopDate: execution.stopDate ?? null,
      input: input.value,
      inputDetails: input.details,
      output: output.value,
      outputDetails: output.details,
      error: execution.error ?? null,
      cause: execution.cause ?? null,
      stateMachineVersionArn: record.versionArn ?? null,
      stateMachineAliasArn: record.aliasArn ?? null,
      redriveCount: record.redriveCount,
      redriveDate: record.redriveDate ?? null,
      ...redriveStatus(record),
    },
  });
}
