import { fileURLToPath } from 'node:url';
import { deployWorkflow, readWorkflow } from '../workflow.ts';
import { startPlatform, type PlatformOptions, type TestPlatform } from './platform.ts';

const example = fileURLToPath(new URL('../../../../examples/ec2-job', import.meta.url));

export interface JobPlatformOptions extends PlatformOptions {
  readonly heartbeatSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly credentialSeconds?: number;
}

/** A platform with one host, `instanceId`, and the workflow of examples/ec2-job. */
export interface JobPlatform extends Omit<TestPlatform, 'start'> {
  readonly instanceId: string;
  /** Starts an execution that runs the command on the host; `more` is added to its input. Returns its ARN. */
  start(command: readonly string[], more?: Record<string, unknown>): Promise<string>;
}

export async function startJobPlatform(options: JobPlatformOptions = {}): Promise<JobPlatform> {
  const { heartbeatSeconds = 20, timeoutSeconds = 60, credentialSeconds } = options;
  const instanceId = 'i-0ba70000000000001';
  const platform = await startPlatform(options);
  await platform.launchHost(instanceId, credentialSeconds === undefined ? {} : { credentialSeconds });
  const stateMachineArn = await deployWorkflow(platform.aws, platform.deployment, {
    ...readWorkflow(example),
    variables: { timeout_seconds: timeoutSeconds, heartbeat_seconds: heartbeatSeconds },
  });
  return {
    ...platform,
    instanceId,
    start: (command, more = {}) => platform.startMachine(stateMachineArn, { instanceId, command, ...more }),
  };
}
